#include "voice/confine.h"

#if NR_HAVE_SECCOMP

#include <errno.h>
#include <fcntl.h>
#include <seccomp.h>
#include <stddef.h>

static const int forbidden[] = {
    SCMP_SYS(socket),     SCMP_SYS(socketpair),  SCMP_SYS(connect),  SCMP_SYS(bind),      SCMP_SYS(listen),
    SCMP_SYS(accept),     SCMP_SYS(accept4),     SCMP_SYS(execve),   SCMP_SYS(execveat),  SCMP_SYS(ptrace),
    SCMP_SYS(process_vm_readv), SCMP_SYS(process_vm_writev), SCMP_SYS(mount), SCMP_SYS(creat), SCMP_SYS(openat2),
    SCMP_SYS(unlink),     SCMP_SYS(unlinkat),    SCMP_SYS(rename),   SCMP_SYS(renameat),  SCMP_SYS(renameat2),
    SCMP_SYS(link),       SCMP_SYS(linkat),      SCMP_SYS(symlink),  SCMP_SYS(symlinkat), SCMP_SYS(mkdir),
    SCMP_SYS(mkdirat),    SCMP_SYS(rmdir),       SCMP_SYS(mknod),    SCMP_SYS(mknodat),   SCMP_SYS(truncate),
    SCMP_SYS(chmod),      SCMP_SYS(fchmodat),    SCMP_SYS(chown),    SCMP_SYS(fchownat),  SCMP_SYS(setxattr),
    SCMP_SYS(bpf),        SCMP_SYS(io_uring_setup), SCMP_SYS(keyctl), SCMP_SYS(userfaultfd),
};

/* Opening is allowed for reading only: a dictionary may be loaded late. */
static int forbid_writing(scmp_filter_ctx filter)
{
    const uint32_t deny = SCMP_ACT_ERRNO(EACCES);
    const scmp_datum_t bits[] = {O_WRONLY, O_RDWR, O_CREAT, O_TRUNC};
    int failed = 0;
    for (size_t i = 0; i < sizeof bits / sizeof *bits; i++) {
        failed |= seccomp_rule_add(filter, deny, SCMP_SYS(open), 1, SCMP_A1(SCMP_CMP_MASKED_EQ, bits[i], bits[i]));
        failed |= seccomp_rule_add(filter, deny, SCMP_SYS(openat), 1, SCMP_A2(SCMP_CMP_MASKED_EQ, bits[i], bits[i]));
    }
    return failed;
}

void nr_confine(void)
{
    scmp_filter_ctx filter = seccomp_init(SCMP_ACT_ALLOW);
    if (!filter)
        return;
    int failed = forbid_writing(filter);
    for (size_t i = 0; i < sizeof forbidden / sizeof *forbidden; i++)
        failed |= seccomp_rule_add(filter, SCMP_ACT_ERRNO(EPERM), forbidden[i], 0);
    if (!failed)
        seccomp_load(filter);
    seccomp_release(filter);
}

#else

void nr_confine(void) {}

#endif
