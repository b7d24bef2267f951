#include "CLoading.h"

#include <dlfcn.h>
#include <string.h>

bool cl_load(const char *const *files, const char *const *functions, void *table) {
  void *library = NULL;
  for (; *files && !library; files++) library = dlopen(*files, RTLD_NOW | RTLD_LOCAL);
  if (!library) return false;
  for (char *target = table; *functions; functions++, target += sizeof(void *)) {
    void *address = dlsym(library, *functions);
    if (!address) return false;
    memcpy(target, &address, sizeof address);
  }
  return true;
}
