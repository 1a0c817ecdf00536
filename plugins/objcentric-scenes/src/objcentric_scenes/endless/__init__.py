"""Scenes of the canvas generator as tensors on a device, by number and without end.

What random bits decide is the same, to the bit, as in the generator of finite data sets, which is
the tested reference. Only where the bits come from differs: from a counter, so that any scene can
be made without those before it.
"""
