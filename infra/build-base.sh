#!/usr/bin/env bash
# Builds a base image without a container registry: a minimal Debian by debootstrap, and the Node
# binary that this workspace runs on. Needs root, debootstrap, and a Docker daemon.
#
#   infra/build-base.sh [TAG]        default muster-base:bookworm
#
# DEBIAN_MIRROR (debootstrap's own default), DOCKER (docker)
# PACKAGES: more of Debian's, by comma; nats-server,postgresql make the image of a cluster's engines
set -euo pipefail
cd "$(dirname "$0")/.."

tag=${1:-muster-base:bookworm}
docker=${DOCKER:-docker}
node=$(readlink -f node_modules/.bin/node)

root=$(mktemp -d)
trap 'rm -rf "$root"' EXIT
packages=ca-certificates,libstdc++6,libatomic1${PACKAGES:+,$PACKAGES}
debootstrap --variant=minbase --include="$packages" bookworm "$root" \
  ${DEBIAN_MIRROR:+"$DEBIAN_MIRROR"} >&2
install -m 755 "$node" "$root/usr/local/bin/node"
chroot "$root" node --version >&2

# What a running container does not need.
rm -rf "$root"/var/cache/apt/* "$root"/var/lib/apt/lists/* "$root"/usr/share/{doc,man,locale}/*
tar --numeric-owner -C "$root" -c . |
  "$docker" import --change 'CMD ["node"]' --change 'ENV PATH=/usr/local/bin:/usr/bin:/bin' - "$tag"
