"""The file of the environment is read as systemd reads it (`man systemd.exec`)."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from robots.env_file import take_env_file, variables


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("A=b", "b"),
        ("  A = b c  ", "b c"),
        ("A=", ""),
        ("A=$HOME ${X} `id` #b ;c", "$HOME ${X} `id` #b ;c"),
        ("A=b=c", "b=c"),
        (r"A=b\"c\\d\ e", r'b"c\d e'),
        ("A=b\\\nc", "bc"),
        ("A=' b $c\\\\ \"d' ", ' b $c\\\\ "d'),
        (r'A="b\"\$\`\\ \n"', r'b"$`\ \n'),
        ("A='b\nc'", "b\nc"),
        ("A='b' \"c\"d", "bcd"),
        ("A=b'c'", "b'c'"),
        ("A='b", "b"),
        ("#A=c\n;A=c\nA=b\r\nA c\n1A=c\nexport A=c\n=c\n", "b"),
        ("A=c\nA=b", "b"),
    ],
)
def test_a_value_is_what_systemd_gives(text: str, value: str) -> None:
    assert variables(text) == {"A": value}


def test_what_stands_in_the_environment_comes_first(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    for name in ("CF_HERE", "CF_MARKED"):
        monkeypatch.setenv(name, "antes")
    monkeypatch.delenv("CF_MARKED")  # so that it is taken away again
    take_env_file()  # there is none
    (tmp_path / "cargofijo.env").write_text("CF_MARKED='a'\nCF_HERE=b", encoding="utf-8-sig")
    take_env_file()
    assert (os.environ["CF_MARKED"], os.environ["CF_HERE"]) == ("a", "antes")
