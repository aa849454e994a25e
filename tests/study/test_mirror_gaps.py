"""The quantiles of how far two records of one flow lie apart: published, recomputed."""

from pathlib import Path

import pandas as pd
import pytest

import partnership as p

PAIRS = "shared/evidence/world/trade_wits_pairs_2018.csv"
COLLECTED = next(
    (up / PAIRS for up in Path(__file__).parents if (up / PAIRS).is_file()), None
)
LEVELS = {f"q{n:02}": n / 100 for n in (5, 10, 25, 50, 75, 90, 95)}


def described(collected):
    """Quantiles of imports over exports, of all flows with both records."""
    columns = {"exports_fob_thousand_usd": "sold", "imports_cif_thousand_usd": "bought"}
    pairs = pd.read_csv(collected, keep_default_na=False, na_values=[""])
    pairs = pairs.rename(columns=columns).set_index(["reporter", "partner"])
    mirror = pairs["bought"].swaplevel().rename_axis(pairs.index.names)
    both = pairs[["sold"]].join(mirror, how="inner")
    both = both[(both > 0).all(axis=1)]
    ratio = both["bought"] / both["sold"]
    size = pd.cut(both["sold"] / 1000, [0, 1, 10, 100, 1000, float("inf")], right=False)
    rows = {}
    for span, of_size in ratio.groupby(size, observed=True):
        rows[span.left] = {
            "pairs": len(of_size),
            "share_equal": (of_size - 1).abs().lt(0.0005).mean().round(4),
            "share_tenth": of_size.between(1.085, 1.105).mean().round(4),
            **{name: round(of_size.quantile(at), 3) for name, at in LEVELS.items()},
        }
    return pd.DataFrame.from_dict(rows, "index").rename_axis("size_from")


def test_the_table_is_in_order():
    table = p.load("mirror_gaps")
    assert table["size_to"].tolist()[:-1] == table["size_from"].tolist()[1:]
    assert pd.isna(table["size_to"].iloc[-1]) and table["size_from"].iloc[0] == 0
    quantiles = table[[*LEVELS]]
    assert (quantiles.diff(axis=1).iloc[:, 1:] > 0).all(axis=None)
    wide = quantiles["q95"] / quantiles["q05"]
    assert wide.is_monotonic_decreasing  # larger flows are recorded more alike


@pytest.mark.skipif(COLLECTED is None, reason="the collected file is not here")
def test_the_quantiles_are_those_of_the_pairs():
    published = p.load("mirror_gaps").set_index("size_from")
    found = described(COLLECTED)
    assert found["pairs"].sum() > 10_000
    columns = [*found.columns]
    pd.testing.assert_frame_equal(
        published[columns].astype(float), found.astype(float), check_index_type=False
    )
