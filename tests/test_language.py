"""Language: every number with its unit, every sentence in every language."""

import csv
import re

import pytest

from planner import language
from planner.language import fmt, texts, translated


@pytest.mark.parametrize(
    ("value", "quantity", "en", "zh"),
    [
        (6_631_794, "emissions", "6,632 kt CO₂/yr", "663万吨CO₂/年"),
        (12_400_000, "emissions", "12.4 Mt CO₂/yr", "1,240万吨CO₂/年"),
        (112_701, "emissions", "113 kt CO₂/yr", "11.3万吨CO₂/年"),
        (9_990, "emissions", "9.99 kt CO₂/yr", "9,990吨CO₂/年"),
        (120, "carbon", "120 t CO₂", "120吨CO₂"),
        (5_884_349_972, "money", "5.88 bn CNY", "58.84亿元"),
        (753_521_000, "money", "754 M CNY", "7.54亿元"),
        (11_308_000, "money", "11.3 M CNY", "1,131万元"),
        (9_000, "money", "9,000 CNY", "9,000元"),
        (-412_000_000, "money_change", "−412 M CNY", "−4.12亿元"),
        (27_800_000, "money_change", "+27.8 M CNY", "+2,780万元"),
        (752.9, "unit_cost", "753 CNY/t CO₂", "753元/吨CO₂"),
        (60, "power", "60 MW", "60 MW"),
        (5_000, "energy", "5 GWh", "500万千瓦时"),
        (250_000, "energy", "250 GWh", "2.50亿千瓦时"),
        (0.6123, "power_price", "0.612 CNY/kWh", "0.612元/千瓦时"),
        (2_400_000, "t/a", "2,400 kt/yr", "240万吨/年"),
        (230.7, "MWh", "231 MWh", "231 MWh"),
        (1, "site", "1 site", "1项"),
        (200, "vehicle/a", "200 vehicles", "200辆"),
        (0.6, "share", "60%", "60%"),
        (0.000788, "share", "0.0788%", "0.0788%"),
        (-0.6, "change", "−60%", "−60%"),
        (-0.00000001, "money_change", "0 CNY", "0元"),
        (None, "money", "–", "–"),
        (float("nan"), "money", "–", "–"),
        (7, "kg/brick", "7 kg/brick", "7 kg/brick"),
    ],
)
def test_a_number_is_written_with_its_unit(value: float | None, quantity: str, en: str, zh: str) -> None:
    assert (fmt(value, quantity, "en"), fmt(value, quantity, "zh")) == (en, zh)


def test_every_sentence_exists_in_every_language_with_the_same_places() -> None:
    with (language.LOCALE / "texts.csv").open(encoding="utf-8", newline="") as file:
        keys = [row["key"] for row in csv.DictReader(file)]
    assert len(keys) == len(set(keys))
    for key, words in texts().items():
        assert all(words.values()), f"{key} lacks a language"
        assert len({frozenset(re.findall(r"{(\w+)}", sentence)) for sentence in words.values()}) == 1, f"{key} has different places"
        assert key.startswith(("side.language", "said.")) or not re.search("[一-鿿]", words["en"]), f"{key} is not English"
    with (language.LOCALE / "quantities.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert {r["quantity"] for r in rows if r["language"] == "en"} == {r["quantity"] for r in rows if r["language"] == "zh"}


def test_what_the_program_says_in_english_is_translated_where_it_is_known() -> None:
    assert (
        translated("pv is a synthetic year in the statistics of the province (ERA5 2020), not a measurement", "zh")
        == "光伏出力采用按全省统计（ERA5 2020）合成的全年曲线，并非实测"
    )
    assert translated("something new", "zh") == "something new"
