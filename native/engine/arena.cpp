#include "arena.h"

#include <new>
#if defined(__linux__)
#include <sys/mman.h>
#endif
#if defined(__SANITIZE_ADDRESS__)
#include <sanitizer/asan_interface.h>
constexpr size_t kGap = 64; // poisoned bytes after each allocation, so that the sanitizer reports reads past its end
#else
#define ASAN_POISON_MEMORY_REGION(memory, size)
#define ASAN_UNPOISON_MEMORY_REGION(memory, size) (void)(size)
constexpr size_t kGap = 0;
#endif

// kLargePage is the size of a large page on x64, and on arm64 with 4 KiB pages.
constexpr size_t kLargePage = 2 << 20, kSlab = 32 << 20;

uint8_t *Arena::take(size_t bytes) {
    const size_t asked = bytes;
    bytes = (bytes + 63) / 64 * 64 + kGap;
    if (bytes > left_) {
        const size_t size = bytes > kSlab ? (bytes + kLargePage - 1) / kLargePage * kLargePage : kSlab;
        uint8_t *memory = static_cast<uint8_t *>(::operator new(size, std::align_val_t(kLargePage)));
        slabs_.emplace_back(memory);
#if defined(__linux__)
        madvise(memory, size, MADV_HUGEPAGE); // if it fails, small pages are used
#endif
        ASAN_POISON_MEMORY_REGION(memory, size);
        next_ = memory, left_ = size;
    }
    ASAN_UNPOISON_MEMORY_REGION(next_, asked);
    uint8_t *taken = next_;
    next_ += bytes, left_ -= bytes;
    return taken;
}

void Arena::Free::operator()(uint8_t *memory) const { ::operator delete(memory, std::align_val_t(kLargePage)); }
