"""Settings of an .npmrc that have no say in publishing an archive."""

from __future__ import annotations

from tp_fix.formats.argv import names

INSTALL_ONLY = names(
    """
    audit auto-install-peers cache color commit-hooks dedupe-peer-dependents enable-pre-post-scripts engine-strict
    fetch-retries fund git-tag-version hoist hoist-pattern ignore-workspace-root-check include-workspace-root
    init-author-email init-author-name init-author-url init-license init-version install-links
    legacy-peer-deps link-workspace-packages lockfile loglevel maxsockets message min-release-age node-linker omit
    optional package-import-method package-lock prefer-frozen-lockfile prefer-offline prefer-workspace-packages
    progress public-hoist-pattern resolution-mode save save-exact save-prefix save-workspace-protocol script-shell
    shamefully-hoist shared-workspace-lockfile side-effects-cache sign-git-commit sign-git-tag store-dir
    strict-peer-dependencies strict-peer-deps tag-version-prefix unsafe-perm update-notifier use-node-version
    """
)
"""Of npm 11's `@npmcli/config` definitions and pnpm's settings: those for installs, versions and output (checked
2026-11-22). Not among them: access, provenance, registry, tag, credentials, and `ignore-scripts`, as it stops hooks."""
