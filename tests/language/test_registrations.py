"""Registration numbers are read in the forms in which abstracts print them, and nothing else is taken for one."""

from __future__ import annotations

import pytest

from consilience.language.registrations import numbers


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("ClinicalTrials.gov NCT01234567.", "NCT:01234567"),
        ("ClinicalTrials.gov: NCT 01234567", "NCT:01234567"),
        ("nct-01234567", "NCT:01234567"),
        ("(ISRCTN12345678)", "ISRCTN:12345678"),
        ("ISRCTN: 12345678", "ISRCTN:12345678"),
        ("EudraCT number: 2007-001234-31", "EU:200700123431"),
        ("EUDRACT 2007-001234-31", "EU:200700123431"),
        ("EU CT 2022-500123-12-00", "EU:20225001231200"),
        ("ChiCTR-TRC-12001234", "CHICTR:TRC12001234"),
        ("ChiCTR1900021234", "CHICTR:1900021234"),
        ("UMIN C000002789", "UMIN:000002789"),
        ("UMIN-CTR ID: UMIN000002789", "UMIN:000002789"),
        ("ACTRN12612000123456", "ACTRN:12612000123456"),
        ("DRKS 00001234", "DRKS:00001234"),
        ("CTRI/2011/12/002252", "CTRI:201112002252"),
        ("IRCT201409148505N8", "IRCT:201409148505N8"),
        ("jRCTs031180123", "JRCT:S031180123"),
        ("JapicCTI-142608", "JAPIC:142608"),
        ("KCT0001234", "KCT:0001234"),
        ("Netherlands Trial Register NTR1234", "NTR:1234"),
        ("PACTR201203000356120", "PACTR:201203000356120"),
        ("RBR-2p4zvt", "RBR:2P4ZVT"),
        ("TCTR20190211003", "TCTR:20190211003"),
        ("PROSPERO CRD42012002345", "PROSPERO:42012002345"),
    ],
)
def test_every_registry_has_its_form(text: str, expected: str) -> None:
    assert numbers(f"Registration: {text} (registered late)") == {expected}


def test_several_numbers_are_all_read_and_one_number_in_two_spellings_is_one() -> None:
    assert numbers("NCT01234567, NCT 01234567 and ISRCTN 12345678.") == {"NCT:01234567", "ISRCTN:12345678"}


@pytest.mark.parametrize(
    "text",
    [
        "",
        "In 2007-001234 patients",
        "NCT trials of 2012",
        "12345678 cells",
        "2007-001234-31",
        "NCT012345678901",
        "CRD4",
    ],
)
def test_other_figures_are_no_registration(text: str) -> None:
    assert numbers(text) == frozenset()
