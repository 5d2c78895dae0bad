"""What the tests of this room share with those of the owners."""

from tests.owners.conftest import vote

__all__ = ["vote"]
