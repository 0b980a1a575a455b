from biocapil import uncertainty


def test_the_public_names_are_sorted_and_described() -> None:
    assert uncertainty.__all__ == sorted(uncertainty.__all__)
    assert all(getattr(uncertainty, name).__doc__ for name in uncertainty.__all__)
