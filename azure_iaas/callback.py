"""The callback API as it was documented for NodeJS, on top of the async client."""
