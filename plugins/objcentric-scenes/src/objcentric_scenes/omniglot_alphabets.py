"""Omniglot's alphabets, and which split shows each of them (`ALPHABETS`, `split_of`)."""

from collections.abc import Mapping
from types import MappingProxyType

from objcentric.interfaces import Split

_BACKGROUND = {
    "Alphabet_of_the_Magi": 20,
    "Anglo-Saxon_Futhorc": 29,
    "Arcadian": 26,
    "Armenian": 41,
    "Asomtavruli_(Georgian)": 40,
    "Balinese": 24,
    "Bengali": 46,
    "Blackfoot_(Canadian_Aboriginal_Syllabics)": 14,
    "Braille": 26,
    "Burmese_(Myanmar)": 34,
    "Cyrillic": 33,
    "Early_Aramaic": 22,
    "Futurama": 26,
    "Grantha": 43,
    "Greek": 24,
    "Gujarati": 48,
    "Hebrew": 22,
    "Inuktitut_(Canadian_Aboriginal_Syllabics)": 16,
    "Japanese_(hiragana)": 52,
    "Japanese_(katakana)": 47,
    "Korean": 40,
    "Latin": 26,
    "Malay_(Jawi_-_Arabic)": 40,
    "Mkhedruli_(Georgian)": 41,
    "N_Ko": 33,
    "Ojibwe_(Canadian_Aboriginal_Syllabics)": 14,
    "Sanskrit": 42,
    "Syriac_(Estrangelo)": 23,
    "Tagalog": 17,
    "Tifinagh": 55,
}
_EVALUATION = {
    "Angelic": 20,
    "Atemayar_Qelisayer": 26,
    "Atlantean": 26,
    "Aurek-Besh": 26,
    "Avesta": 26,
    "Ge_ez": 26,
    "Glagolitic": 45,
    "Gurmukhi": 45,
    "Kannada": 41,
    "Keble": 26,
    "Malayalam": 47,
    "Manipuri": 40,
    "Mongolian": 30,
    "Old_Church_Slavonic_(Cyrillic)": 45,
    "Oriya": 46,
    "Sylheti": 28,
    "Syriac_(Serto)": 23,
    "Tengwar": 25,
    "Tibetan": 42,
    "ULOG": 26,
}

ALPHABETS: Mapping[str, int] = MappingProxyType(_BACKGROUND | _EVALUATION)
"""Number of characters of each alphabet."""

SMALL = (
    "Balinese",
    "Early_Aramaic",
    "Greek",
    "Japanese_(katakana)",
    "Korean",
    "Latin",
    "Sanskrit",
    "Tagalog",
)
"""The alphabets of the two small background sets, in order."""

_VALIDATION = {"Tagalog", "Futurama", "Hebrew", "N_Ko"}
_TEST = {"Early_Aramaic", "Sanskrit", *_EVALUATION}


def split_of(alphabet: str) -> Split:
    """The split that shows an alphabet, the same in each collection.

    Test: the evaluation set, Early Aramaic and Sanskrit. Validation: Futurama, Hebrew, N'Ko and
    Tagalog. Training: all others. Of the small sets, 161 characters are for training, 17 for
    validation and 64 for testing.
    """
    if alphabet in _TEST:
        return "test"
    return "validation" if alphabet in _VALIDATION else "train"
