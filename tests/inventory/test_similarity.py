"""Names that are alike, against the plain definition and pg_trgm's own examples."""

from hypothesis import given
from hypothesis import strategies as st

from inventory.similarity import near, numbers, plain, trigrams

words = st.text(alphabet="abcé 12", min_size=0, max_size=12)


def similarity(one, other):
    """Share of common trigrams, as PostgreSQL's manual defines it."""
    left, right = trigrams(one), trigrams(other)
    return len(left & right) / len(left | right) if left | right else 0


def test_similarity_of_the_manual_of_postgresql():
    """Appendix F.35: similarity('word', 'two words') = 0.363636."""
    assert round(similarity("word", "two words"), 6) == 0.363636
    (found,) = near(["word"], ["two words"], least=0.3)
    assert found.similarity == 0.364


@given(
    st.lists(words, max_size=8),
    st.lists(words, max_size=8),
    st.sampled_from([0.3, 0.6, 0.85]),
)
def test_finds_all_pairs_and_no_others(names, others, least):
    found = {(one.place, one.other) for one in near(names, others, least=least)}
    wanted = {
        (n, m)
        for n, name in enumerate(names)
        for m, other in enumerate(others)
        if similarity(name, other) >= least and numbers(name) == numbers(other)
    }
    assert found == wanted


@given(words)
def test_case_blanks_and_width_are_not_seen(text):
    assert plain(f" {text.upper()}  ") == plain(text)


def test_names_with_other_figures_are_not_alike():
    names = ["Candle, beeswax 10 cm", "Candle, beeswax 20 cm"]
    assert [one.other for one in near(names, names, least=0.6)] == [0, 1]
    assert numbers("1,5 L") == numbers("1.5 L")


def test_empty_lists_have_no_pairs():
    assert near([], ["Latte"], least=0.6) == near(["Latte"], [], least=0.6) == []
