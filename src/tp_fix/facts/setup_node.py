"""actions/setup-node: its releases with their commits, and what each major needs and takes."""

from __future__ import annotations

import re
from typing import NamedTuple

from tp_fix.facts.releases import Release


class Major(NamedTuple):
    """What all releases of a major have in common.

    `node` is the runtime that the runner must have. `reads_version` says that the input `version` counts, the old name
    of `node-version`; `default_node` is what is set up when none is named, None for the Node that the runner has.
    `placeholder` says that it exports a placeholder for NODE_AUTH_TOKEN beside `registry-url`.
    """

    number: int
    node: int
    reads_version: bool = False
    default_node: str | None = None
    placeholder: bool = True
    source: str = "S action.yml and src/authutil.ts at the tags"
    checked: str = "2026-11-22"


MAJORS = {
    major.number: major
    for major in (
        Major(1, node=12, reads_version=True, default_node="10.x"),
        Major(2, node=12, reads_version=True),
        Major(3, node=16),
        Major(4, node=20),
        Major(5, node=24),
        Major(6, node=24),
        Major(7, node=24, placeholder=False),
    )
}
"""The input `always-auth` is gone from v6.1 on; from v5 on the action may cache by itself."""

OLDEST_SUPPORTED_NODE = 24
"""Actions for older Nodes are taken from GitHub's runners in autumn 2026 (D github.blog, checked 2026-11-22)."""
OLDEST_RUNNER = "2.327.1"
"""The first runner that has Node 24 (D actions/setup-node README, checked 2026-11-22)."""
OLD_CLIENTS_LIMIT = 6
"""Yarn Classic (X) and npm up to 6 (S npm/cli v6 lib/config/core.js) die of the unset NODE_AUTH_TOKEN that v7 names in
its .npmrc; checked 2026-11-22."""
FIRST_NODE_WITH_NPM_7 = 15

# refreshed: start RELEASES
RELEASES_SOURCE = "S tags of actions/setup-node"
RELEASES_DAY = "2026-08-18"
RELEASES: tuple[Release, ...] = (
    Release("v1.0.0", "0d7d2ca66539aca4af6c5102e29a33757e2c2d2c", "2019-08-04", RELEASES_SOURCE, RELEASES_DAY),
    Release("v1.0.1", "9580326150d2ee14fdc290ab1d7d5fa11e64f3e6", "2019-08-05", RELEASES_SOURCE, RELEASES_DAY),
    Release("v1.0.2", "ea546c14bf2618d82e09407b899bcb32ed9ab992", "2019-08-05", RELEASES_SOURCE, RELEASES_DAY),
    Release("v1.0.3", "401832ee6450765bf6640e4179c200c79deb4856", "2019-08-05", RELEASES_SOURCE, RELEASES_DAY),
    Release("v1.0.4", "fc9ff49b90869a686df00e922af871c12215986a", "2019-08-05", RELEASES_SOURCE, RELEASES_DAY),
    Release("v1.1.0", "5273d0df9c603edc4284ac8402cf650b4f1f6686", "2019-08-06", RELEASES_SOURCE, RELEASES_DAY),
    Release("v1.1.1", "dd2e8a486fdc1071872c594d5388fd6dce1a7534", "2019-08-13", RELEASES_SOURCE, RELEASES_DAY),
    Release("v1.1.2", "8de2f9fcbc73a4ff49e2c9df61041a0f03f10914", "2019-08-21", RELEASES_SOURCE, RELEASES_DAY),
    Release("v1.2.0", "c35dd24c52f85b8c80fd1619f6bc7b9e82c840db", "2019-09-12", RELEASES_SOURCE, RELEASES_DAY),
    Release("v1.3.0", "b6651e20e530d6e6b845a9828606779e89f5529c", "2019-11-25", RELEASES_SOURCE, RELEASES_DAY),
    Release("v1.4.0", "1c5c1375b3817ad821719597effe8e3d6f764930", "2020-02-05", RELEASES_SOURCE, RELEASES_DAY),
    Release("v1.4.1", "83c9f7a7df54d6b57455f7c57ac414f2ae5fb8de", "2020-03-10", RELEASES_SOURCE, RELEASES_DAY),
    Release("v1.4.2", "44c9c187283081e4e88b54b0efad9e9d468165a4", "2020-04-21", RELEASES_SOURCE, RELEASES_DAY),
    Release("v1.4.3", "4bb8c450539a93c2c5789587ecde80fc8c939605", "2020-08-11", RELEASES_SOURCE, RELEASES_DAY),
    Release("v1.4.4", "56899e050abffc08c2b3b61f3ec6a79a9dc3223d", "2020-10-01", RELEASES_SOURCE, RELEASES_DAY),
    Release("v1.4.5", "eb416799cf1940b81fd8e0dd34624aaf47e572f3", "2021-08-03", RELEASES_SOURCE, RELEASES_DAY),
    Release("v1.4.6", "f1f314fca9dfce2769ece7d933488f076716723e", "2021-08-04", RELEASES_SOURCE, RELEASES_DAY),
    Release("v2.0.0", "e434342e4e324065b1b19b24586c710a1a68d2d7", "2020-05-19", RELEASES_SOURCE, RELEASES_DAY),
    Release("v2.1.0", "1ae8f4b1fd89676f69b55d3dd6932b6df089ff7b", "2020-06-29", RELEASES_SOURCE, RELEASES_DAY),
    Release("v2.1.1", "321b6ccb03083caa2ad22b27dc4b45335212e824", "2020-07-20", RELEASES_SOURCE, RELEASES_DAY),
    Release("v2.1.2", "c6fd00ceb9747fb23ffdf72987450a2664414867", "2020-10-01", RELEASES_SOURCE, RELEASES_DAY),
    Release("v2.1.3", "27082cecf3ff7a1742dbd5e12605f0cb59dce2d9", "2020-12-10", RELEASES_SOURCE, RELEASES_DAY),
    Release("v2.1.4", "c46424eee26de4078d34105d3de3cc4992202b1e", "2020-12-16", RELEASES_SOURCE, RELEASES_DAY),
    Release("v2.1.5", "46071b5c7a2e0c34e49c3cb8a0e792e86e18d5ea", "2021-02-17", RELEASES_SOURCE, RELEASES_DAY),
    Release("v2.2.0", "38d90ce44d5275ad62cc48384b3d8a58c500bb5f", "2021-06-30", RELEASES_SOURCE, RELEASES_DAY),
    Release("v2.3.0", "aa759c6c94d3800c55b8601f21ba4b2371704cb7", "2021-07-20", RELEASES_SOURCE, RELEASES_DAY),
    Release("v2.3.1", "d6e3b5539ed7e5ccd26c3459e26c7c817f4e9068", "2021-08-03", RELEASES_SOURCE, RELEASES_DAY),
    Release("v2.3.2", "4d0182af5ead0b7bf53e87e49aa959476f5501d3", "2021-08-04", RELEASES_SOURCE, RELEASES_DAY),
    Release("v2.4.0", "25316bbc1f10ac9d8798711f44914b1cf3c4e954", "2021-08-05", RELEASES_SOURCE, RELEASES_DAY),
    Release("v2.4.1", "270253e841af726300e85d718a5f606959b2903c", "2021-09-24", RELEASES_SOURCE, RELEASES_DAY),
    Release("v2.5.0", "04c56d2f954f1e4c69436aa54cfef261a018f458", "2021-11-29", RELEASES_SOURCE, RELEASES_DAY),
    Release("v2.5.1", "1f8c6b94b26d0feae1e387ca63ccbdc44d27b561", "2021-12-28", RELEASES_SOURCE, RELEASES_DAY),
    Release("v2.5.2", "7c12f8017d5436eb855f1ed4399f037a36fbd9e8", "2023-03-27", RELEASES_SOURCE, RELEASES_DAY),
    Release("v3.0.0", "9ced9a43a244f3ac94f13bfd896db8c8f30da67a", "2022-02-24", RELEASES_SOURCE, RELEASES_DAY),
    Release("v3.1.0", "5b52f097d36d4b0b2f94ed6de710023fbb8b2236", "2022-04-01", RELEASES_SOURCE, RELEASES_DAY),
    Release("v3.1.1", "56337c425554a6be30cdef71bf441f15be286854", "2022-04-11", RELEASES_SOURCE, RELEASES_DAY),
    Release("v3.2.0", "17f8bd926464a1afa4c6a11669539e9c1ba77048", "2022-05-12", RELEASES_SOURCE, RELEASES_DAY),
    Release("v3.3.0", "eeb10cff27034e7acf239c5d29f62154018672fd", "2022-06-02", RELEASES_SOURCE, RELEASES_DAY),
    Release("v3.4.0", "5b949b50c3461bbcd5a540b150c368278160234a", "2022-07-11", RELEASES_SOURCE, RELEASES_DAY),
    Release("v3.4.1", "2fddd8803e2f5c9604345a0b591c3020ee971a93", "2022-07-13", RELEASES_SOURCE, RELEASES_DAY),
    Release("v3.5.0", "969bd2663942d722d85b6a8626225850c2f7be4b", "2022-09-26", RELEASES_SOURCE, RELEASES_DAY),
    Release("v3.5.1", "8c91899e586c5b171469028077307d293428b516", "2022-10-13", RELEASES_SOURCE, RELEASES_DAY),
    Release("v3.6.0", "64ed1c7eab4cce3362f8c340dee64e5eaeef8f7c", "2023-01-05", RELEASES_SOURCE, RELEASES_DAY),
    Release("v3.7.0", "e33196f7422957bea03ed53f6fbb155025ffc7b8", "2023-06-27", RELEASES_SOURCE, RELEASES_DAY),
    Release("v3.8.0", "bea5baf987ba7aa777a8a0b4ace377a21c45c381", "2023-08-10", RELEASES_SOURCE, RELEASES_DAY),
    Release("v3.8.1", "5e21ff4d9bc1a8cf6de233a3057d20ec6b3fb69d", "2023-08-15", RELEASES_SOURCE, RELEASES_DAY),
    Release("v3.8.2", "1a4442cacd436585916779262731d5b162bc6ec7", "2023-10-23", RELEASES_SOURCE, RELEASES_DAY),
    Release("v3.9.0", "dbe1369d7be17e7823f8c1ee1ae8bec5779239dd", "2025-04-11", RELEASES_SOURCE, RELEASES_DAY),
    Release("v3.9.1", "3235b876344d2a9aa001b8d1453c930bba69e610", "2025-04-17", RELEASES_SOURCE, RELEASES_DAY),
    Release("v4.0.0", "8f152de45cc393bb48ce5d89d36b731f54556e65", "2023-10-23", RELEASES_SOURCE, RELEASES_DAY),
    Release("v4.0.1", "b39b52d1213e96004bfcb1c61a8a6fa8ab84f3e8", "2023-12-14", RELEASES_SOURCE, RELEASES_DAY),
    Release("v4.0.2", "60edb5dd545a775178f52524783378180af0d1f8", "2024-02-06", RELEASES_SOURCE, RELEASES_DAY),
    Release("v4.0.3", "1e60f620b9541d16bece96c5465dc8ee9832be0b", "2024-06-27", RELEASES_SOURCE, RELEASES_DAY),
    Release("v4.0.4", "0a44ba7841725637a19e28fa30b79a866c81b0a6", "2024-09-19", RELEASES_SOURCE, RELEASES_DAY),
    Release("v4.1.0", "39370e3970a6d050c480ffad4ff0ed4d3fdee5af", "2024-10-23", RELEASES_SOURCE, RELEASES_DAY),
    Release("v4.2.0", "1d0ff469b7ec7b3cb9d8673fde0c81c44821de2a", "2025-01-22", RELEASES_SOURCE, RELEASES_DAY),
    Release("v4.3.0", "cdca7365b2dadb8aad0a33bc7601856ffabcc48e", "2025-03-13", RELEASES_SOURCE, RELEASES_DAY),
    Release("v4.4.0", "49933ea5288caeca8642d1e84afbd3f7d6820020", "2025-04-02", RELEASES_SOURCE, RELEASES_DAY),
    Release("v5.0.0", "a0853c24544627f65ddf259abe73b1d18a591444", "2025-09-03", RELEASES_SOURCE, RELEASES_DAY),
    Release("v6.0.0", "2028fbc5c25fe9cf00d9f06a71cc4710d4507903", "2025-10-13", RELEASES_SOURCE, RELEASES_DAY),
    Release("v6.1.0", "395ad3262231945c25e8478fd5baf05154b1d79f", "2025-12-02", RELEASES_SOURCE, RELEASES_DAY),
    Release("v6.2.0", "6044e13b5dc448c55e2357c09f80417699197238", "2026-01-14", RELEASES_SOURCE, RELEASES_DAY),
    Release("v6.3.0", "53b83947a5a98c8d113130e565377fae1a50d02f", "2026-03-02", RELEASES_SOURCE, RELEASES_DAY),
    Release("v6.4.0", "48b55a011bda9f5d6aeb4c2d9c7362e8dae4041e", "2026-04-19", RELEASES_SOURCE, RELEASES_DAY),
    Release("v6.5.0", "249970729cb0ef3589644e2896645e5dc5ba9c38", "2026-07-13", RELEASES_SOURCE, RELEASES_DAY),
    Release("v7.0.0", "820762786026740c76f36085b0efc47a31fe5020", "2026-07-13", RELEASES_SOURCE, RELEASES_DAY),
)
# refreshed: end RELEASES
BY_TAG = {release.tag: release for release in RELEASES}
BY_COMMIT = {release.commit: release for release in RELEASES}
NEWEST_MAJOR = max(MAJORS)


def newest(major: int) -> Release:
    """The newest known release of a major."""
    return max((release for release in RELEASES if release.version[0] == major), key=lambda release: release.version)


def major_named(ref: str) -> int | None:
    """The major that a tag names: 4 for `v4`, `v4.0.2` and `v4-beta`; None for branches and commits."""
    match = re.fullmatch(r"v(\d{1,4})(?:[.-].*)?", ref)
    return int(match[1]) if match else None
