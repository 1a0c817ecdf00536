"""New plugin projects for strangers: `objcentric new-plugin`."""
