"""Object encoders and decoders that fail a check."""

from objcentric.drafts import Appearance
from objcentric.normal import Normal
from objcentric.testing.partners.linear_decoder import LinearDecoder
from objcentric.testing.partners.linear_encoder import LinearEncoder

GOOD: list[type] = []


class Frozen(Normal):
    def rsample(self, *shape):
        return super().rsample(*shape).detach()


class FrozenEncoder(LinearEncoder):
    def forward(self, glimpses):
        posterior = super().forward(glimpses)
        return Frozen(posterior.loc, posterior.scale, validate_args=False)


class SureEncoder(LinearEncoder):
    def forward(self, glimpses):
        posterior = super().forward(glimpses)
        return Normal(posterior.loc, (posterior.scale - 0.7).relu(), validate_args=False)


class Overexposed(LinearDecoder):
    def forward(self, what):
        return Appearance(2 * super().forward(what).color - 0.5)


class SecretAlpha(LinearDecoder):
    def forward(self, what):
        color = super().forward(what).color
        return Appearance(color, color.mean(2, keepdim=True))


BROKEN = {
    "reparametrised": FrozenEncoder,
    "spread": SureEncoder,
    "intensities": Overexposed,
    "alpha": SecretAlpha,
}
