"""The toolkit of component authors: what several components are built of."""
