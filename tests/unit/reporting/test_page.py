import base64
import hashlib

from biocapil.reporting.page import content_policy


def test_the_policy_names_the_digests_and_allows_nothing_else() -> None:
    policy = content_policy("p{}", "f()")
    for source in ("p{}", "f()"):
        assert base64.b64encode(hashlib.sha256(source.encode()).digest()).decode() in policy
    assert policy.startswith("default-src 'none'; img-src data:; ")
    assert "unsafe" not in policy
    assert "http" not in policy
