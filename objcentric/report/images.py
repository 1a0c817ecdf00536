"""Images as data URIs, at their own resolution (`data_uri`)."""

import base64
import io

from einops import rearrange, repeat
from jaxtyping import UInt8
from torch import Tensor


def data_uri(image: UInt8[Tensor, "C H W"]) -> str:
    """A PNG of an image as a URI that needs no request.

    Args:
        image: gray, red-green-blue, or either with opacity as the last channel; C from 1 to 4. Of
            other numbers of channels the first is shown.
    """
    from PIL import Image  # slow to import

    channels = image.shape[0]
    if channels == 2:  # gray with opacity: as colours, which every viewer knows
        image = repeat(image, "c h w -> (c r) h w", r=3)[[0, 1, 2, 3]]
    elif channels > 4:
        image = image[:1]
    pixels = rearrange(image.contiguous(), "c h w -> h w c").numpy()
    png = io.BytesIO()
    Image.fromarray(pixels[..., 0] if pixels.shape[-1] == 1 else pixels).save(
        png, format="png", optimize=True
    )
    return "data:image/png;base64," + base64.b64encode(png.getvalue()).decode("ascii")
