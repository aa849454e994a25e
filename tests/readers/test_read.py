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
        (
            NAMED + "BLR,TKM,2016,1\nNA,TKM,2016,1\n",
            r"row 2 \(line 3\), column exporter: found 'NA' beside 'BLR': Namibia, or",
        ),
        (
            NAMED.replace(",", ";") + "BLR;TKM;2016;1.234\n",
            "'1.234', which has two readings; say decimal='.' or ','",
        ),
        (NAMED + f"BLR,TKM,2016,{'9' * 400}\n", "column value: found '9.*: finite"),
        (
            NAMED.replace("year", "year,hs6") + "BLR,TKM,2016,870190,1\n",
            "line 1, column hs6: holds products under a name that is not known; allow",
        ),
        (
            NAMED.replace("year", "valuation,year") + "BLR,TKM,ddp,2016,1\n",
            r"row 1 \(line 2\), column valuation: found 'ddp'; allowed: fob, cif, or",
        ),
        (
            "\n\n" + NAMED + "BLR,TKM,2016\n",
            r"row 1 \(line 4\): 3 cells, expected 4",
        ),
        (
            "sep=;\n" + NAMED.replace(",", ";") + "BLR;XQX;2016;1\n",
            r"row 1 \(line 3\), column importer: unknown economy 'XQX'",
        ),
        (
            "refYear,refMonth,reporterCode,flowCode,partnerCode,primaryValue\n"
            "2016,3,112,X,795,1\n",
            "column refYear: found '201603'; allowed: years",
        ),
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
        ("year,t\n".encode("utf-16-le"), "line 1: found a NUL byte, as in UTF-16 with"),
        (b"PK\x05\x06" + bytes(18), "is an empty archive"),
        (b"\xd0\xcf\x11\xe0\xa1", "is an old workbook or document; allowed: CSV"),
        (b"BZh9\xff", "is packed by bzip2; allowed: CSV, packed by gzip or not"),
        (
            gzip.compress(gzip.compress(b"a,b\n")),
            "is packed by gzip once more; allowed: CSV",
        ),
    ],
)
def test_what_is_no_text(file, content, message):
    with pytest.raises(DataError, match=message):
        read(file(content))


@pytest.mark.parametrize(
    ("files", "message"),
    [
        (["nowhere.csv"], r"nowhere\.csv: cannot be read: No such file"),
        (["a\0b"], "cannot be read: embedded null byte"),
        ([["a.csv", "b.csv"]], "files: found a list; allowed: paths of files"),
        ([pd.DataFrame()], "files: found a DataFrame; allowed: paths of files"),
    ],
)
def test_what_is_no_file(files, message):
    with pytest.raises(DataError, match=message):
        read(*files)


def test_a_workbook_is_named_and_what_is_no_table_in_an_archive_left(file):
    def packed(**names):
        buffer = io.BytesIO()
        with zipfile.ZipFile(buffer, "w") as archive:
            for name, text in names.items():
                archive.writestr(name, text)
        return file(buffer.getvalue(), "x.zip")

    beside = {"Readme.txt": "BACI\n", ".DS_Store": "\0", "a/readme.md": "x"}
    assert len(read(packed(**beside, **{"BACI.csv": BACI}))) == 2
    with pytest.raises(DataError, match=r"x\.zip: is a workbook or a document; allow"):
        read(packed(**{"[Content_Types].xml": "<?xml?>"}))


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


@pytest.mark.parametrize(
    ("decimal", "cell", "value"),
    [(",", "1.234", 1234), (".", "1.234", 1.234), (None, "1.234", 1.234)],
)
def test_the_mark_of_decimals_that_is_said_counts(file, decimal, cell, value):
    rows = file(NAMED + f"BLR,TKM,2016,{cell}\n")
    assert read(rows, unit="USD", decimal=decimal).value.tolist() == [value]
    with pytest.raises(DataError, match=r"decimal: found ';'; allowed: '\.' or ','"):
        read(rows, unit="USD", decimal=";")


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        # As pandas writes columns in which a cell was missing: every code a float.
        (TODAY + "2016.0,112.0,X,795.0,0.0,0.0,C00,TOTAL,,,,60\n", ["60.0"]),
        (
            TODAY + "2016,112,X,795,0.0,0.0,C00,TOTAL,,,,60\n"
            "2016,112,X,795,0.0,1000.0,C00,TOTAL,,,,60\n",
            ["60.0"],
        ),
        (
            TODAY + "2016,112,X,795,NA,NA,C00,TOTAL,,,,60\n"
            "2016,112,X,795,NA,1000,C00,TOTAL,,,,60\n",
            ["60.0"],
        ),
        ("typeCode," + TODAY + "S,2016,112,X,795,0,0,C00,TOTAL,,,,60\n", []),
        # As the site of UN Comtrade writes rows: with a comma more than the header.
        (TODAY + "2016,112,X,795,0,0,C00,TOTAL,,,,60,\n", ["60.0"]),
        (
            "exporter,importer,year,value,unit\n" + "BLR,TKM,2016,60,USD\n"
            "BLR,Total,2016,99,USD\nBLR,EU27_2020,2016,99,USD\n",
            ["60.0"],
        ),
        (
            "country_iso3_code,partner_iso3_code,year,export_value,import_value\n"
            "BLR,TKM,2016,5,\nBLR,KAZ,2016,,7\nBLR,RUS,2016,1,2\n",
            ["5.0", "nan", "1.0", "nan", "7.0", "2.0"],
        ),
    ],
)
def test_what_is_counted_once_and_where_it_stands(file, content, expected):
    found = read(file(content))
    assert [str(value) for value in found.value] == expected


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        (
            "t,i,j,k,v\n2016,112,795,10121,1\n2016,112,795,870190.0,1\n",
            ["010121", "870190"],
        ),
        (
            "classificationCode," + TODAY + "H5,2016,112,X,795,0,0,C00,1,,,,60\n",
            ["01"],
        ),
        (
            "classificationCode," + TODAY + "S3,2016,112,X,795,0,0,C00,1,,,,60\n",
            ["1"],
        ),
        (
            "period,reporterCode,flowCode,partnerCode,cmdDesc,primaryValue\n"
            "2016,112,X,795,Tractors,60\n",
            ["Tractors"],
        ),
        (
            "location_code,partner_code,sitc_product_code,year,export_value\n"
            "BLR,TKM,7224,2016,5\n",
            ["7224"],
        ),
        (
            "Exporter Country ID,Importer Country ID,HS2 ID,HS4 ID,Year,Trade Value\n"
            "eublr,astkm,1787,178701,2016,5\n",
            ["178701"],
        ),
    ],
)
def test_products_by_whatever_name_and_with_their_zeros(file, content, expected):
    found = read(file(content))
    assert found["product"].tolist() == expected


def test_json_in_which_another_list_is_longer(file):
    row = {"exporter": "BLR", "importer": "TKM", "year": 2016, "value": 10**400}
    answer = {"warnings": ["a", "b"], "data": [row | {"value": 5}]}
    assert flows(read(file(json.dumps(answer)), unit="USD")) == [
        "BLR TKM TOTAL 2016 5.0"
    ]
    with pytest.raises(DataError, match=r"row 1, column value: found '1000.*: finite"):
        read(file(json.dumps([row])), unit="USD")


def test_parquet_whose_keys_are_its_index(tmp_path):
    pytest.importorskip("pyarrow")
    frame = pd.DataFrame([["BLR", "TKM", 2016, 5]], columns=NAMED.strip().split(","))
    frame.set_index(["exporter", "importer", "year"]).to_parquet(tmp_path / "x.parquet")
    found = read(tmp_path / "x.parquet", unit="USD")
    assert flows(found) == ["BLR TKM TOTAL 2016 5.0"]


def test_former_states_in_their_years(file):
    found = read(file(NAMED + "SUN,BRA,1990,1\n891,BRA,2005,2\n"), unit="USD")
    assert flows(found) == ["SUN BRA TOTAL 1990 1.0", "SCG BRA TOTAL 2005 2.0"]


def test_a_plain_table_keeps_its_speakers(file):
    head = "exporter,importer,year,value,unit,stated_by\n"
    found = read(file(head + "AUT,BEL,2019,5,USD,BEL\nAUT,BEL,2019,4,USD,AUT\n"))
    assert found.stated_by.tolist() == ["BEL", "AUT"]
