"""Renderers that fail a check."""

from dataclasses import replace

from objcentric.testing.partners.pasted import Pasted

GOOD = [Pasted]


class Crowded(Pasted):
    """Draws objects dimmer in company."""

    def forward(self, what, where):
        layers = super().forward(what, where)
        return replace(layers, color=layers.color / what.shape[1])


class Glaring(Pasted):
    def forward(self, what, where):
        layers = super().forward(what, where)
        return replace(layers, color=2 * layers.color - 0.5)


class SecretLogits(Pasted):
    def forward(self, what, where):
        layers = super().forward(what, where)
        return replace(layers, mask_logits=layers.color[:, :, :1])


class Silent(Pasted):
    attribute_names = frozenset({"position"})


BROKEN = {
    "slots_apart": Crowded,
    "layer_intensities": Glaring,
    "offered_layers": SecretLogits,
    "named_attributes": Silent,
}
