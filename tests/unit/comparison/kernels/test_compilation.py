import subprocess
import sys

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
