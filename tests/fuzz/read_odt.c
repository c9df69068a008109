/* The odt reader: any bytes give a sound document or a clear error. */
#include "read_check.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n);

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n) { return check_reading(bytes, n, "odt"); }
