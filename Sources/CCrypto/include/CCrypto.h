// libcrypto, loaded by the first checksum.
#ifndef CCRYPTO_H
#define CCRYPTO_H

#include <openssl/crypto.h>
#include <openssl/evp.h>

#include "CLoading.h"

#define CCRYPTO_FUNCTIONS(F)                                                                      \
  F(OPENSSL_init_crypto)                                                                          \
  F(EVP_MD_CTX_new)                                                                               \
  F(EVP_MD_CTX_free)                                                                              \
  F(EVP_sha256)                                                                                   \
  F(EVP_DigestInit_ex)                                                                            \
  F(EVP_DigestUpdate)                                                                             \
  F(EVP_DigestFinal_ex)

CL_DECLARE(libcrypto, CCRYPTO_FUNCTIONS)

#endif
