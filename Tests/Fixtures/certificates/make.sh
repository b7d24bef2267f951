#!/bin/sh
# Makes the certificates of the tests of TLS, all with one key. They are no secrets: nothing trusts
# them but these tests.
set -eu
cd "$(dirname "$0")"
days=36500
folder=$(mktemp -d)
trap 'rm -r "$folder"' EXIT

openssl ecparam -name prime256v1 -genkey -noout -out key.pem
openssl req -x509 -new -key key.pem -days $days -subj "/CN=Authority of the tests" -out authority.pem
openssl req -x509 -new -key key.pem -days $days -subj "/CN=Signed by itself" \
  -addext "subjectAltName=IP:127.0.0.1,DNS:service.invalid" -out itself.pem

touch "$folder/index"
cat >"$folder/config" <<TEXT
[ca]
default_ca = this
[this]
database = $folder/index
new_certs_dir = $folder
certificate = authority.pem
private_key = key.pem
default_md = sha256
policy = any
rand_serial = yes
copy_extensions = copy
unique_subject = no
[any]
commonName = supplied
TEXT

# sign NAME ALTERNATIVES FROM UNTIL
sign() {
  openssl req -new -key key.pem -subj "/CN=$1" -addext "subjectAltName=$2" -out "$folder/request"
  openssl ca -batch -notext -config "$folder/config" -startdate "$3" -enddate "$4" \
    -in "$folder/request" -out "$1.pem"
}

here=IP:127.0.0.1,DNS:service.invalid
sign trusted $here 20200101000000Z 21200101000000Z
sign expired $here 20200101000000Z 20210101000000Z
sign elsewhere DNS:elsewhere.invalid 20200101000000Z 21200101000000Z
