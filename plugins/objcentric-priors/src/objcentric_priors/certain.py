"""A prior under which every slot is present (`Certain`)."""

from objcentric.interfaces import Prior
from objcentric.presence import CertainPresence
from objcentric.progress import Progress


class Certain(Prior):
    """All K slots are present, for models that do not decide about presence, such as MONet
    (Burgess et al. 2019, arXiv:1901.11390).

    The presence KL is 0.

    Args:
        scene: sizes of the scene.
    """

    needs = frozenset({"certain presence"})

    def presence(self, progress: Progress) -> CertainPresence:
        return CertainPresence(self.what_loc.new_zeros(self.slots), validate_args=False)
