import os
import platform
import subprocess
import sys

import pytest

NOWHERE_WRITABLE = """
import numba.core.caching as caching

def refuse(self):
    raise OSError("read-only file system")

for name, locator in vars(caching).items():
    if hasattr(locator, "ensure_cache_path"):
        locator.ensure_cache_path = refuse

from biocapil.comparison.kernels.compilation import kernel

@kernel
def twice(number):
    return 2 * number

print(twice(21), twice.stats.cache_path)
"""


def test_where_no_folder_is_writable_kernels_still_compile() -> None:
    done = subprocess.run(  # noqa: S603 - this interpreter with a text of ours
        [sys.executable, "-c", NOWHERE_WRITABLE], capture_output=True, text=True, check=True
    )
    assert done.stdout.split() == ["42", "None"]


@pytest.mark.skipif(
    platform.machine() not in {"x86_64", "AMD64"}, reason="names processors of the x86-64 family"
)
@pytest.mark.parametrize(
    ("processor", "features", "disabled", "expected"),
    [
        ("znver4", "+avx512f,+avx512bf16", "0", "True"),
        ("znver4", "+avx512f", "0", "False"),
        ("sapphirerapids", "+avx512f,+avx512bf16", "0", "False"),
        ("znver4", "+avx512f,+avx512bf16", "1", "False"),
    ],
)
def test_bfloat16_is_multiplied_in_pairs_only_where_that_is_fast(
    processor: str, features: str, disabled: str, expected: str
) -> None:
    script = (
        "from biocapil.comparison.kernels.compilation import multiplies_bfloat16_in_pairs as asked\n"
        "print(asked())"
    )
    environment = {
        "NUMBA_CPU_NAME": processor, "NUMBA_CPU_FEATURES": features, "NUMBA_DISABLE_JIT": disabled,
    }  # fmt: skip
    done = subprocess.run(  # noqa: S603 - this interpreter with a text of ours
        [sys.executable, "-c", script], env={**os.environ, **environment}, check=True, capture_output=True,
        text=True,
    )  # fmt: skip
    assert done.stdout.strip() == expected
