"""How npm, npx, pnpm and yarn read their command lines: options that take a value, short names, subcommands.

Sources: npm 11.19.1 (`@npmcli/config` definitions and shorthands, `lib/utils/cmd-list.js`, `bin/npx-cli.js`), pnpm 11
(`config/reader/src/types.ts`, `pnpm/src/shorthands.ts`, every `commandNames`), Yarn Berry (`workspaces foreach`,
`npm publish`, `run`) and Yarn Classic's command reference. Checked 2026-11-22.
"""

from __future__ import annotations

from tp_fix.formats.argv import Grammar, names, renames

NPM_VALUED = names(
    """
    _auth access allow-directory allow-file allow-git allow-remote allow-scripts also audit-level auth-type before
    ca cache cache-max cache-min cafile call cert cidr cpu depth diff diff-dst-prefix diff-src-prefix diff-unified
    directory editor expect-result-count expires fetch-retries fetch-retry-factor fetch-retry-maxtimeout
    fetch-retry-mintimeout fetch-timeout git globalconfig heading https-proxy include init-author-email
    init-author-name init-author-url init-license init-module init-type init-version install-strategy key libc
    local-address location lockfile-version loglevel logs-dir logs-max maxsockets message min-release-age
    min-release-age-exclude name node-gyp node-options noproxy omit only orgs orgs-permission os otp
    pack-destination package packages packages-and-scopes-permission password preid provenance-file proxy registry
    replace-registry-host save-prefix sbom-format sbom-type scope scopes script-shell searchexclude searchlimit
    searchopts searchstaleness shell tag tag-version-prefix token-description umask user-agent userconfig viewer
    which workspace
    """
)
NPM_FLAGS = names(
    """
    all allow-same-version allow-scripts-pending allow-scripts-pin audit bin-links browser bypass-2fa color
    commit-hooks dangerously-allow-all-scripts description dev diff-ignore-all-space diff-name-only diff-no-prefix
    diff-text dry-run engine-strict expect-results force foreground-scripts format-package-lock fund git-tag-version
    global global-style help if-present ignore-scripts include-attestations include-staged include-workspace-root
    init-private install-links json legacy-bundling legacy-peer-deps link long no-install no-yes offline
    omit-lockfile-registry-resolved optional package-lock package-lock-only packages-all parseable prefer-dedupe
    prefer-offline prefer-online production progress provenance quiet read-only rebuild-bundle save save-bundle
    save-dev save-exact save-optional save-peer save-prod shrinkwrap sign-git-commit sign-git-tag silent
    strict-allow-scripts strict-peer-deps strict-ssl timing unicode update-notifier usage verbose version versions
    workspaces workspaces-update yes
    """
)
NPM_ALIAS = renames(
    "C,prefix=directory w=workspace ws=workspaces iwr=include-workspace-root reg=registry enjoy-by=before "
    "usage,h,H,?=help v=version g=global y=yes n,no=no-yes f=force L=location m=message c=call a=all l=long "
    "p=parseable S=save D=save-dev E=save-exact q=quiet s=silent d,dd,ddd=verbose"
)
NPM = Grammar(NPM_VALUED, NPM_ALIAS, NPM_VALUED | NPM_FLAGS)
NPX = Grammar(NPM_VALUED, NPM_ALIAS | {"p": "package"}, NPM_VALUED | NPM_FLAGS, greedy=True)
"""npx takes the word after an option that it does not know for its value; npm does not."""
BUNX = Grammar(names("package directory"), renames("p=package cwd=directory"))

PNPM_VALUED = names(
    """
    access allow-build audit-level ca cache-dir cafile catalog-mode cert changed-files-ignore-pattern
    child-concurrency config-dir cpu depth directory dlx-cache-max-age fetch-min-speed-ki-bps fetch-retries
    fetch-retry-factor fetch-retry-maxtimeout fetch-retry-mintimeout fetch-timeout fetch-warn-timeout-ms
    fetching-concurrency git git-shallow-hosts global-bin-dir global-dir global-path global-pnpmfile
    global-virtual-store-dir hoist-pattern hoisting-limits http-proxy https-proxy init-author-email init-author-name
    init-author-url init-license init-type init-version key libc local-address lockfile-dir loglevel maxsockets
    merge-git-branch-lockfiles-branch-pattern message minimum-release-age minimum-release-age-exclude
    modules-cache-max-age modules-dir network-concurrency no-proxy node-linker node-options node-package-map-type
    node-version noproxy npm-path npmrc-auth-file only os otp pack-destination pack-gzip-level package
    package-import-method patches-dir peers-suffix-max-length pm-on-fail pnpmfile pnpr-server proxy
    public-hoist-pattern publish-branch registry reporter resolution-mode resume-from runtime-on-fail
    save-catalog-name save-prefix scope script-shell state-dir store store-dir sync-injected-deps-after-scripts tag
    tag-version-prefix test-pattern trust-policy trust-policy-exclude trust-policy-ignore-after umask
    use-node-version user-agent userconfig virtual-store-dir virtual-store-dir-max-length virtual-store-type
    workspace workspace-concurrency workspace-packages
    """
)
PNPM = Grammar(
    PNPM_VALUED,
    renames(
        "C,dir,prefix=directory r,recursive=workspaces F,filter,filter-prod=workspace workspace=link-workspace "
        "w=workspace-root h,H,?,usage=help v=version g=global D=save-dev P=save-prod E=save-exact y=yes c=shell-mode"
    ),
)
"""`-w` and `--workspace` are flags of pnpm's; what npm calls a workspace it calls a filter."""

YARN_VALUED = names(
    """
    access cache-folder directory global-folder https-proxy link-folder message mode modules-folder mutex
    network-concurrency network-timeout new-version otp package pattern preferred-cache-folder proxy registry tag
    use-yarnrc
    """
)
YARN = Grammar(YARN_VALUED, renames("cwd=directory h=help v=version n=dry-run"))
YARN_DLX = Grammar(names("package"), renames("p=package q=quiet"))
YARN_FOREACH = Grammar(
    names("from include exclude jobs"), renames("j=jobs n=dry-run a,A=all R=recursive W=worktree v=v p=p i=i t=t")
)

NPM_COMMANDS = renames(
    "add,i,in,ins,inst,insta,instal,isnt,isnta,isntal,isntall=install clean-install,ic,install-clean,isntall-clean=ci "
    "it=install-test cit,clean-install-test,sit=install-ci-test u,up,upgrade,udpate=update run-script,rum,urn=run "
    "t,tst=test info,show,v=view list,la,ll=ls x=exec c=config verison=version why=explain hlep=help pub=publish "
    "dist-tags=dist-tag add-user=adduser author=owner ogr=org"
)
"""npm's other names for its commands, and `pub`, an abbreviation that it understands."""
PNPM_COMMANDS = renames(
    "i=install it=install-test up,upgrade=update run-script=run clean-install,ic,install-clean=ci info,show,v=view "
    "list,la,ll=ls t,tst=test c=config dist-tags=dist-tag owners=owner"
)

PNPM_BUILTIN = names(
    """
    access add adduser approve-builds audit bin bugs c cache cat-file cat-index change ci clean clean-install
    completion config create dedupe deploy deprecate dislink dist-tag dist-tags dlx docs doctor edit env exec fetch
    find find-hash get help home i ic ignored-builds import info init install install-clean install-test issues it
    la lane licenses link list ll ln login logout ls m multi outdated owner owners pack pack-app patch patch-commit
    patch-remove peers ping pkg pm prefix profile prune publish purge rb rebuild recursive remove repo restart rm
    root rt run run-script runtime s sbom se search self-update server set set-script setup show ss stage star stars
    store team token un undeprecate uni uninstall unlink unpublish unstar up update upgrade v version view whoami
    why with xmas
    """
)
"""Every other word after `pnpm` is the name of a script, or else of a program in node_modules/.bin."""
YARN_BUILTIN = names(
    """
    add audit autoclean bin cache check config constraints create dedupe dlx exec explain generate-lock-entry global
    help import info init install licenses link list login logout ls node npm outdated owner pack patch patch-commit
    plugin policies prune publish rebuild remove run search set stage tag team unlink unplug up upgrade
    upgrade-interactive version versions why workspace workspaces
    """
)
