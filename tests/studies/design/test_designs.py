from __future__ import annotations

from oxyshell.studies.design.designs import in_words, text


def test_a_chosen_section_is_told_by_what_no_other_variable_replaces() -> None:
    shell = {"from": "NMC111", "thickness": "4.5 nm", "oxygen": {"source": "none"}}
    values = {"shell": shell, "shell.thickness": "8.57717598 nm", "shell.profile": "step"}
    assert text(values, "shell") == "from NMC111, oxygen.source none"
    assert text(values, "shell.thickness") == "8.577 nm"
    told = "shell = from NMC111, oxygen.source none, shell.thickness = 8.577 nm, shell.profile = step"
    assert in_words(values) == told
