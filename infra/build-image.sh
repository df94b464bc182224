#!/usr/bin/env bash
# Builds the image from the files of this checkout and their dependencies as installed here, so
# that the build itself needs no network.
#
#   infra/build-image.sh [TAG]       default muster:latest
#
# BASE_IMAGE (node:26-bookworm-slim; infra/build-base.sh makes one without a registry),
# DOCKER (docker), PNPM (pnpm, or npx -y pnpm@12 where there is none)
set -euo pipefail
cd "$(dirname "$0")/.."

tag=${1:-muster:latest}
docker=${DOCKER:-docker}
pnpm=${PNPM:-$(command -v pnpm || echo 'npx -y pnpm@12')}

stage=$(mktemp -d)
trap 'rm -rf "$stage"' EXIT
# Tracked files and new ones, ignored ones never; a deleted file that git still lists is left out.
git ls-files --cached --others --exclude-standard -z |
  while IFS= read -r -d '' file; do if [ -e "$file" ]; then printf '%s\0' "$file"; fi; done |
  tar --null --files-from=- -c | tar -x -C "$stage"
(cd "$stage" && $pnpm install --frozen-lockfile --prod --filter '@muster/cli...' >&2)
rm "$stage/infra/Dockerfile.dockerignore"
cp infra/prepared.dockerignore "$stage/.dockerignore"

"$docker" build \
  --file "$stage/infra/Dockerfile" \
  --build-arg "BASE_IMAGE=${BASE_IMAGE:-node:26-bookworm-slim}" \
  --tag "$tag" "$stage"
