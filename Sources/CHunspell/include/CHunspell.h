// libhunspell, loaded by the first dictionary.
#ifndef CHUNSPELL_H
#define CHUNSPELL_H

#include <hunspell/hunspell.h>

#include "CLoading.h"

#define CHUNSPELL_FUNCTIONS(F)                                                                    \
  F(Hunspell_create)                                                                              \
  F(Hunspell_destroy)                                                                             \
  F(Hunspell_get_dic_encoding)                                                                    \
  F(Hunspell_spell)                                                                               \
  F(Hunspell_suggest)                                                                             \
  F(Hunspell_free_list)                                                                           \
  F(Hunspell_add)

CL_DECLARE(libhunspell, CHUNSPELL_FUNCTIONS)

#endif
