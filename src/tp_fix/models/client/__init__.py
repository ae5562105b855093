"""Which Node, npm, pnpm or Yarn a publication will really use."""
