#!/bin/sh
# Installs the system programs that some tests use, where this machine lets us (Debian or Ubuntu, as root).
# Elsewhere it says what is missing; those tests are then left out, and the product works without the programs.
set -u
missing=""
for pair in soffice:libreoffice-writer soffice:libreoffice-calc chromium:chromium unar:unar pdftotext:poppler-utils; do
    command -v "${pair%%:*}" >/dev/null 2>&1 || missing="$missing ${pair##*:}"
done
fc-list :lang=zh 2>/dev/null | grep -q . || missing="$missing fontconfig fonts-noto-cjk"
[ -z "$missing" ] && exit 0
if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null 2>&1; then
    echo "Installing$missing …"
    { apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends $missing; } >/dev/null 2>&1 && exit 0
fi
echo "Not installed:$missing. The tests that use them are left out."
