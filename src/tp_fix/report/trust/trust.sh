#!/bin/sh
# Tells npm which workflows may publish these packages without a token (trusted publishing).
# Written by tp-fix @VERSION@. Nothing has been asked of npm yet: read it, then run
#
#   sh trust.sh --dry-run    to see what it would do
#   sh trust.sh              to do it
#
# It needs npm @OLDEST@ or newer and a login (`npm login`) of somebody who may write to the packages. Two-factor
# authentication has to be on for that account: npm asks for it at the first package, and its page can be told not to
# ask again for @MINUTES@ minutes. Where npm asks for the code of an authenticator instead, hand it over, and run the
# script again with the next code when it has expired:  NPM_CONFIG_OTP=123456 sh trust.sh
# A token that bypasses two-factor authentication is refused.
#
# It may be run again: a package that has this trusted publisher is passed over, one that has another is shown and left
# as it is. A package that npm does not know has to be published once by hand before.
# What comes from the repository is quoted as it is.
# shellcheck disable=SC2016
set -eu

dry_run=
case ${1-} in
  '') ;;
  --dry-run) dry_run=--dry-run ;;
  *)
    echo "usage: sh $0 [--dry-run]" >&2
    exit 2
    ;;
esac

repository=@REPOSITORY@
# A project or a user may have another registry, which knows nothing of trusted publishing.
NPM_CONFIG_REGISTRY=@REGISTRY@
export NPM_CONFIG_REGISTRY

version=$(npm --version) || version=none
major=${version%%.*}
rest=${version#*.}
minor=${rest%%.*}
case $major.$minor in
  *[!0-9.]* | .* | *.) major=0 minor=0 ;;
esac
if [ "$major" -lt @MAJOR@ ] || { [ "$major" -eq @MAJOR@ ] && [ "$minor" -lt @MINOR@ ]; }; then
  echo "npm @OLDEST@ or newer is needed, and this is $version. Either" >&2
  echo "  npm install -g npm@11        on Node 20.17 or newer, or for this script alone" >&2
  echo "  npx -y -p npm@11 -c 'sh $0'" >&2
  exit 1
fi

logged_in=yes
if user=$(npm whoami 2>/dev/null); then
  echo "npm $version, logged in as $user"
elif [ -n "$dry_run" ]; then
  logged_in=
  echo "npm $version, not logged in: what npm has already cannot be asked"
else
  echo "Log in first: npm login" >&2
  exit 1
fi

name='' own=0 started='' known='' left=0

say() {
  printf '%s\n' "$*"
}

# npm wants @PAUSE@ seconds between two calls.
pause() {
  if [ -n "$started" ]; then sleep @PAUSE@; fi
  started=yes
}

# What npm has for the package, into $known. npm can ask for the second factor only where its output is not read by a
# program: where the first call is refused, the second one asks, and the third one reads.
ask() {
  known=
  if [ -z "$logged_in" ]; then return 0; fi
  pause
  if known=$(npm trust list "$name" --json 2>/dev/null); then return 0; fi
  pause
  npm trust list "$name" || return 1
  pause
  if known=$(npm trust list "$name" --json); then return 0; fi
  say "npm asks again each time. With the code of an authenticator: NPM_CONFIG_OTP=123456 sh $0" >&2
  exit 1
}

# How many of the trusted publishers in $known are this one, and how many there are. npm prints one object each, with
# an empty line between them.
count() {
  printf '%s\n' "$known" | FILE=$1 ENVIRONMENT=$2 REPOSITORY=$repository ALLOWED=$3 awk '
    function has(key, value) { return index($0, "\"" key "\": \"" value "\"") }
    BEGIN { RS = "" }
    /"type"/ { every++ }
    has("type", "github") && has("file", ENVIRON["FILE"]) && has("repository", ENVIRON["REPOSITORY"]) {
      environment = ENVIRON["ENVIRONMENT"]
      if (environment == "" ? index($0, "\"environment\":") : !has("environment", environment)) next
      wanted = split(ENVIRON["ALLOWED"], flags, " ")
      for (i = 1; i <= wanted; i++) {
        if (flags[i] == "--allow-publish" && !index($0, "\"createPackage\"")) next
        if (flags[i] == "--allow-stage-publish" && !index($0, "\"createStagedPackage\"")) next
      }
      same++
    }
    END { print same + 0, every + 0 }'
}

# register NAME FILE ENVIRONMENT PERMISSION...
register() {
  if [ "$1" != "$name" ]; then own=0; fi
  name=$1 file=$2 environment=$3
  shift 3
  echo
  say "$name: $file${environment:+, environment $environment}"
  if ! ask; then
    say "  npm does not tell. If it says 404, it does not know the package: publish it once by hand, then run this again."
    left=$((left + 1))
    return 0
  fi
  counted=$(count "$file" "$environment" "$*")
  if [ "${counted%% *}" -gt 0 ]; then
    say "  npm has it already"
    own=$((own + 1))
    return 0
  fi
  if [ "${counted##* }" -gt "$own" ]; then
    say "  npm has another trusted publisher, which is left as it is:"
    say "$known"
    say "  It cannot be edited. To replace it: npm trust revoke --id ID $name, then run this again."
    left=$((left + 1))
    return 0
  fi
  if [ -n "$environment" ]; then set -- --environment "$environment" "$@"; fi
  if [ -n "$dry_run" ]; then set -- --dry-run "$@"; fi
  if [ -z "$dry_run" ]; then pause; fi
  if npm trust github "$name" --file "$file" --repository "$repository" "$@" --yes; then
    own=$((own + 1))
  else
    if [ "$own" -gt 0 ]; then
      say "  Where npm takes one trusted publisher of a package only, let one workflow start every release."
    fi
    left=$((left + 1))
  fi
}

left_out() {
  echo
  say "Left to you: $1"
  left=$((left + 1))
}

# The packages.

echo
if [ "$left" -gt 0 ]; then
  say "$left left to you, see above"
  exit 1
fi
say "All done${dry_run:+, had this not been a dry run}"
