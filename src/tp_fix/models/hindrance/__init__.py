"""What stands in the way of OIDC in a release tool's own configuration, one file a tool."""
