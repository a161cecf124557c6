# SPDX-License-Identifier: BSD-2-Clause
# memoize_*: results of earlier builds are not cached, since nothing here takes long.
function(memoize_import_kernel)
endfunction()
