"""Trade files of every known shape, and those that are refused with one line."""

import gzip
import io
import json
import zipfile

import pandas as pd
import pytest

from partnership import DataError
from partnership.readers import COLUMNS, read


@pytest.fixture
def file(tmp_path):
    """Function that writes a file of text or bytes and returns its path."""

    def make(content, name="flows.csv", encoding="utf-8"):
        path = tmp_path / name
        data = content if isinstance(content, bytes) else content.encode(encoding)
        path.write_bytes(data)
        return path

    return make


def flows(frame):
    """Flows as short texts, to compare."""
    columns = ["exporter", "importer", "product", "year", "value"]
    return [" ".join(map(str, row)) for row in frame[columns].to_numpy()]


BACI = "t,i,j,k,v,q\n2016,112,795,010121,1.5,NA\n2016,842,516,870190,20,3\n"


def test_baci_keeps_zeros_of_codes_and_what_is_missing(file):
    found = read(file(BACI, "anything.txt"))
    assert list(found) == list(COLUMNS)
    assert flows(found) == ["BLR TKM 010121 2016 1.5", "USA NAM 870190 2016 20.0"]
    assert found.quantity.isna().tolist() == [True, False]
    assert set(found.unit) == {"USD_thousand"} and set(found.valuation) == {"fob"}
    assert set(found.stated_by) == {"CEPII"}


def test_yearly_files_tables_of_codes_archives_and_parquet(file, tmp_path):
    pytest.importorskip("pyarrow")
    other = BACI.replace("2016", "2017")
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("BACI_2017.csv", other)
        archive.writestr("product_codes.csv", "code,description\n010121,Horses\n")
    parquet = tmp_path / "x.parquet"
    table = pd.DataFrame(
        {"t": [2018], "i": [112], "j": [795], "k": ["010121"], "v": [7]}
    )
    table.to_parquet(parquet)
    found = read(
        file(gzip.compress(BACI.encode()), "a.csv.gz"),
        file(packed.getvalue(), "b.zip"),
        parquet,
    )
    assert found.year.tolist() == [2016, 2016, 2017, 2017, 2018]
    assert flows(found)[-1] == "BLR TKM 010121 2018 7.0"
    assert found.attrs["left_out"] == {"codes of products": 1}


TODAY = (
    "period,reporterCode,flowCode,partnerCode,partner2Code,motCode,customsCode,cmdCode,"
    "netWgt,cifvalue,fobvalue,primaryValue\n"
)


def test_comtrade_sums_nothing_twice(file):
    rows = [
        "2016,112,X,0,0,0,C00,TOTAL,,,,1000",  # the world
        "2016,112,X,795,0,0,C00,TOTAL,5,,60,60",  # the flow ...
        "2016,112,X,795,0,1000,C00,TOTAL,2,,20,20",  # ... by mode of transport
        "2016,112,X,795,0,2000,C00,TOTAL,3,,40,40",
        "2016,112,X,795,0,0,C01,TOTAL,5,,60,60",  # ... by procedure
        "2016,112,X,795,398,0,C00,TOTAL,5,,60,60",  # ... by second partner
        "2016,112,RX,795,0,0,C00,TOTAL,,,,9",
        "2016,112,M,795,0,0,C00,TOTAL,,8,7,8",
        "2016,112,X,251,0,2100,C00,TOTAL,,,1,1",  # parts without a whole
        "2016,112,X,251,0,3200,C00,TOTAL,,,2,2",
        "2016,112,X,899,0,0,C00,TOTAL,,,,5",
        "2016,112,X,490,0,0,C00,TOTAL,,,,0",
    ]
    found = read(file(TODAY + "\n".join(rows) + "\n"))
    assert sorted(flows(found)) == [
        "BLR FRA TOTAL 2016 3.0",
        "BLR TKM TOTAL 2016 60.0",
        "BLR TWN TOTAL 2016 0.0",
        "TKM BLR TOTAL 2016 8.0",
    ]
    told = found.set_index("exporter")
    assert told.at["TKM", "valuation"] == "cif" and told.at["TKM", "stated_by"] == "BLR"
    assert set(found.unit) == {"USD"}
    assert found.attrs["left_out"] == {
        "parts of a flow that stands as a whole": 4,
        "re-exports and other flows": 1,
        "the world, groups and areas": 2,
    }


OLD = (
    "Classification,Year,Trade Flow,Reporter Code,Reporter ISO,Partner Code,Partner,"
    "Commodity Code,Netweight (kg),Trade Value (US$)\n"
    "H4,2016,Export,36,AUS,757,Switzerland,01,,91128858\n"
    "H4,2016,Re-Import,36,AUS,757,Switzerland,01,,4934172\n"
)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_comtrade_as_it_was_in_three_encodings(file, encoding):
    found = read(file(OLD.replace("\n", "\r\n"), encoding=encoding))
    assert flows(found) == ["AUS CHE 01 2016 91128858.0"]


def test_comtrade_by_its_services(file):
    row = {"period": "2016", "reporterCode": 112, "partnerCode": 795, "flowCode": "X"}
    row |= {"cmdCode": "TOTAL", "primaryValue": 60.5, "partner2Code": 0}
    answer = {"elapsedTime": "0.1", "count": 1, "data": [row], "error": ""}
    assert flows(read(file(json.dumps(answer), "a.json"))) == [
        "BLR TKM TOTAL 2016 60.5"
    ]
    old = {"yr": 2016, "rtCode": 112, "ptCode": 699, "rgCode": 2, "rt3ISO": "BLR"}
    old |= {"cmdCode": "TOTAL", "TradeValue": 7, "motCode": "", "ptCode2": None}
    answer = {"validation": {}, "dataset": [old]}
    assert flows(read(file(json.dumps(answer), "b.json"))) == ["BLR IND TOTAL 2016 7.0"]


def test_wits_with_old_letters_and_by_name(file):
    query = (
        "Nomenclature,ReporterISO3,ProductCode,PartnerISO3,Year,TradeFlowName,"
        "TradeValue in 1000 USD\n"
        "HS,ROM,010121,ZAR,2016,Gross Exp.,12.5\n"
        "HS,ROM,010121,ZAR,2016,Re-Export,2\n"
        "HS,ROM,010121,WLD,2016,Gross Exp.,99\n"
    )
    found = read(file(query))
    assert flows(found) == ["ROU COD 010121 2016 12.5"]
    assert set(found.unit) == {"USD_thousand"}
    profile = (
        "Reporter Name;Partner Name;Product Group;Indicator;2015;2016\n"
        "Belarus;Turkmenistan;All Products;Export (US$ Thousand);81 938,0;103752,4\n"
        "Belarus;Korea, Rep.;All Products;Import (US$ Thousand);;5\n"
        "Belarus;World;All Products;Export (US$ Thousand);1;2\n"
        "Belarus;Turkmenistan;All Products;Export Product Share (%);3;4\n"
    )
    assert sorted(flows(read(file(profile)))) == [
        "BLR TKM All Products 2015 81938.0",
        "BLR TKM All Products 2016 103752.4",
        "KOR BLR All Products 2016 5.0",
    ]


def test_gravity_oec_atlas_and_plain_tables(file):
    gravity = (
        "year,iso3_o,iso3_d,tradeflow_comtrade_o,tradeflow_comtrade_d,tradeflow_baci\n"
        "2016,BLR,TKM,103,110,\n2016,BLR,NAM,NA,,\n"
    )
    found = read(file(gravity))
    assert found[["stated_by", "valuation", "value"]].to_numpy().tolist() == [
        ["BLR", "fob", 103.0],
        ["TKM", "cif", 110.0],
    ]
    oec = (
        "Exporter Country ID,Exporter Country,Importer Country ID,HS4 ID,Year,"
        "Trade Value\neublr,Belarus,astkm,178701,2016,103752403\n"
    )
    assert flows(read(file(oec))) == ["BLR TKM 178701 2016 103752403.0"]
    atlas = (
        "country_iso3_code,partner_iso3_code,product_hs92_code,year,export_value,"
        "import_value\nBLR,TKM,8701,2016,5,7\n"
    )
    assert flows(read(file(atlas))) == [
        "BLR TKM 8701 2016 5.0",
        "TKM BLR 8701 2016 7.0",
    ]
    plain = "exporter,importer,year,value,unit\nNA,TKM,2016,5,USD_million\n"
    found = read(file(plain))
    assert flows(found) == ["NAM TKM TOTAL 2016 5.0"]
    assert set(found.unit) == {"USD_million"}


NAMED = "exporter,importer,year,value\n"


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("", r"flows\.csv: is empty"),
        ("value\n1\n", "found one column, 'value'; allowed: columns by commas"),
        ("a,b,a\n1,2,3\n", "line 1: two columns are named 'a'"),
        (
            "i,j,k,v,q\n112,795,1,1,1\n",
            "found columns i, j, k, v, q; allowed: BACI, .*nearest is BACI, which also "
            "has t",
        ),
        (NAMED + "BLR,TKM,2016,1\n", "no unit of the values is declared; .*unit="),
        (NAMED + "BLR,XQX,2016,1\n", r"row 1 \(line 2\), column importer: unknown"),
        (NAMED + "BLR,,2016,1\n", r"row 1 \(line 2\), column importer: "),
        (NAMED + "BLR,TKM,16,1\n", r"column year: found '16'; allowed: a year"),
        (NAMED + "BLR,TKM,201603,1\n", "column year: found '201603'; .*whole years of"),
        (NAMED + "BLR,TKM,2016,-1\n", "column value: found '-1'; allowed: a number"),
        (
            NAMED + "BLR,TKM,2016,1e999\n",
            "column value: found '1e999'; allowed: finite",
        ),
        (NAMED + "BLR,TKM,2016,١٢\n", "column value: found '١٢'; allowed: a number"),
        (NAMED + 'BLR,TKM,2016,"1,234"\n', "'1,234', which has two readings; say dec"),
        (NAMED + "BLR,TKM,2016\n", r"row 1 \(line 2\): 3 cells, expected 4"),
        (NAMED + '"BLR\n,TKM,2016,1\n', r"row 1 \(line 2\): a cell without end"),
        (NAMED + "SUN,TKM,2016,1\n", "column exporter: found 'SUN' in 2016; allowed: "),
        ("{", "is no valid JSON"),
        ("[1, 2]", "holds no list of rows"),
        ("[" * 100_000, "is no valid JSON"),
    ],
)
def test_what_is_refused(file, content, message):
    with pytest.raises(DataError, match=message) as raised:
        read(file(content))
    assert "\n" not in str(raised.value) and "flows.csv" in str(raised.value)


def test_rows_are_counted_with_line_breaks_in_cells(file):
    text = 'exporter,importer,year,value,note\nBLR,TKM,2016,1,"a\nb"\nBLR,XQX,2017,1,\n'
    with pytest.raises(DataError, match=r"row 2 \(line 4\), column importer"):
        read(file(text), unit="USD")


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"PK\x03\x04rest", "is no archive that can be unpacked"),
        (b"\x1f\x8b\x08rest", "is no whole gzip file"),
        (b"PAR1rest", "is no whole Parquet file|needs pyarrow"),
        (b"a,b\n\xff\xfe\n", "line 2: is not UTF-8"),
        (b"\xff\xfea", "is not utf-16"),
    ],
)
def test_what_is_no_text(file, content, message):
    with pytest.raises(DataError, match=message):
        read(file(content))
    with pytest.raises(DataError, match=r"nowhere\.csv: cannot be read: No such file"):
        read("nowhere.csv")


def test_a_flow_stands_once_a_speaker_and_levels_are_not_mixed(file):
    twice = NAMED + "BLR,TKM,2016,1\nBLR,TKM,2016,1\n"
    with pytest.raises(DataError, match="row 2: BLR to TKM, TOTAL, 2016 stands in "):
        read(file(twice), unit="USD")
    levels = BACI + "2016,112,795,01,1.5,\n"
    with pytest.raises(DataError, match="products of several levels: 2, 6; name one"):
        read(file(levels))
    assert flows(read(file(levels), level=2)) == ["BLR TKM 01 2016 1.5"]
    with pytest.raises(DataError, match="level 4 is not there; allowed: 2, 6"):
        read(file(levels), level=4)


@pytest.mark.parametrize(
    ("cells", "expected"),
    [
        (["1.5", "2"], [1.5, 2]),
        (['"1,5"', '"2,25"'], [1.5, 2.25]),
        (['"1,234.5"', '"1,000"'], [1234.5, 1000]),
        (['"1.234,5"', "7"], [1234.5, 7]),
        (["", "0"], [None, 0]),
        (["1e3", ".5"], [1000, 0.5]),
    ],
)
def test_marks_of_numbers(file, cells, expected):
    rows = [f"BLR,TKM,{2016 + n},{cell}\n" for n, cell in enumerate(cells)]
    found = read(file(NAMED + "".join(rows)), unit="USD").value
    assert found.astype(object).where(found.notna(), None).tolist() == expected


def test_former_states_in_their_years(file):
    found = read(file(NAMED + "SUN,BRA,1990,1\n891,BRA,2005,2\n"), unit="USD")
    assert flows(found) == ["SUN BRA TOTAL 1990 1.0", "SCG BRA TOTAL 2005 2.0"]


def test_a_plain_table_keeps_its_speakers(file):
    head = "exporter,importer,year,value,unit,stated_by\n"
    found = read(file(head + "AUT,BEL,2019,5,USD,BEL\nAUT,BEL,2019,4,USD,AUT\n"))
    assert found.stated_by.tolist() == ["BEL", "AUT"]
