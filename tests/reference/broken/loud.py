"""A component that greets everybody who imports it."""

from objcentric.testing.partners.linear_decoder import LinearDecoder

print("hello from Loud")


class Loud(LinearDecoder):
    pass


GOOD: list[type] = []
BROKEN = {"silent_import": Loud}
