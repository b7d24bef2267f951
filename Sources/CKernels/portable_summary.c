#include <math.h>

#include "levels.h"
#include "summary_loops.h"

void ck_portable_summarize(const ck_choice *choice, ck_summary *summary) {
  ck_summarize_row(choice, summary);
}
