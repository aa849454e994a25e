"""Words of texts and questions as the search compares them."""

import pytest

from partnership.evidence import words


@pytest.mark.parametrize(
    "forms",
    [
        "student students student's",
        "produce produced produces producing production producer",
        "delivery deliveries",
        "export exports exported exporting exporter",
        "tonne tonnes ton tons",
        "plan plans planned planning",
        "study studies studied studying",
        "trade trades traded trading trader",
    ],
)
def test_forms_of_a_word_are_one(forms):
    assert len({words.tokens(form)[0] for form in forms.split()}) == 1


def test_other_words_stay_apart():
    apart = "plant plan gas bus price press product student studio unit university"
    assert len({words.stem(word) for word in apart.split()}) == len(apart.split())


@pytest.mark.parametrize("text", ["2019/20", "2019-20", "2019–20", "2019/2020"])
def test_an_academic_year_is_one_however_it_is_written(text):
    assert "2019/2020" in words.tokens(f"in {text}, as told")
    assert {"2019", "2020"} <= set(words.tokens(text))
    assert words.Meanings([]).asked(text) == [["2019/2020"]]


def test_ranges_and_days_are_no_academic_years():
    assert not {"/" in token for token in words.tokens("2009..2017, 2009-2017")} - {
        False
    }
    assert set(words.tokens("2017-03-30")) == {"2017", "2017-03", "2017-03-30"}
    assert words.Meanings([]).asked("2017-03-30") == [["2017-03-30"]]


def test_numbers_are_one_however_their_digits_are_grouped():
    assert words.tokens("14,000 14 000 14\u00a0000 14000") == ["14000"] * 4
    assert words.tokens("120.6 million") == ["120.6", "million"]


def test_accents_capitals_and_empty_words_do_not_matter():
    assert words.tokens("Türkiye") == words.tokens("turkiye")
    assert words.tokens("Which of these is the one?") == ["one"]


def test_other_words_for_a_thing_by_how_they_begin():
    known = words.Meanings([("стран", "country land"), ("странник", "pilgrim")])
    assert known.asked("о странах") == [["странах", "countr", "land"]]
    assert known.asked("Странники") == [["странники", "pilgrim"]]
    assert known.asked("море") == [["море"]]


@pytest.mark.parametrize(
    ("word", "left"),
    [
        ("cities", "city"),
        ("ties", "tie"),
        ("classes", "clas"),
        ("bus", "bus"),
        ("press", "pres"),
        ("loss", "los"),
        ("gas", "gas"),
        ("keys", "key"),
        ("stations", "station"),
        ("relations", "rela"),
        ("nation", "nation"),
        ("buildings", "build"),
        ("string", "str"),
        ("ring", "ring"),
        ("tried", "try"),
        ("died", "died"),
        ("named", "nam"),
        ("red", "red"),
        ("yearly", "year"),
        ("only", "only"),
        ("national", "nation"),
        ("total", "total"),
        ("money", "mone"),
        ("tree", "tre"),
        ("trade", "trad"),
        ("speaker", "speak"),
        ("layer", "layer"),
        ("added", "add"),
        ("add", "add"),
        ("mill", "mil"),
    ],
)
def test_what_is_left_of_a_word(word, left):
    assert words.stem(word) == left


def test_tokens_stand_in_their_order():
    text = (
        "On 2017-03-30 and in 2018-05: 14,000 tonnes of 2019/20, 2009-2017, Größe 5.5"
    )
    assert words.tokens(text) == [
        "2019/2020",
        "2019",
        "2017-03",
        "2017-03-30",
        "2018-05",
        "2017",
        "2018",
        "14000",
        "ton",
        "2019",
        "2020",
        "2009",
        "2017",
        "groß",
        "5.5",
    ]
    asked = words.Meanings([("tonne", "weight of a load"), ("ton", "x")]).asked(text)
    assert asked == [
        ["2019/2020"],
        ["2017-03-30"],
        ["2018-05"],
        ["14000"],
        ["ton", "weight", "load"],
        ["2009"],
        ["2017"],
        ["groß"],
        ["5.5"],
    ]
