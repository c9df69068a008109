#include "read/confine.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/audit.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <stddef.h>
#include <sys/prctl.h>
#include <sys/syscall.h>

#if defined(__x86_64__)
#define ARCHITECTURE AUDIT_ARCH_X86_64
#elif defined(__aarch64__)
#define ARCHITECTURE AUDIT_ARCH_AARCH64
#endif

/* The filter is written out, for libseccomp takes memory to make one. */
#define LOAD(field) BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, field))
#define REFUSE BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | EACCES)
#define ALLOW BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW)
#define REFUSE_CALL(number) BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, number, 0, 1), REFUSE
/* A call whose argument has one of the bits; the numbers of calls are loaded again behind it. */
#define REFUSE_BITS(number, argument, bits)                                                                            \
    BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, number, 0, 3), LOAD(args[argument]),                                           \
        BPF_JUMP(BPF_JMP | BPF_JSET | BPF_K, bits, 0, 1), REFUSE, LOAD(nr)

void nr_confine_before_exec(void)
{
#ifdef ARCHITECTURE
    enum { WRITING = O_WRONLY | O_RDWR | O_CREAT | O_TRUNC };
    static const struct sock_filter filter[] = {
        LOAD(arch),
        BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, ARCHITECTURE, 1, 0),
        REFUSE,
        LOAD(nr),
#ifdef __x86_64__
        BPF_JUMP(BPF_JMP | BPF_JGE | BPF_K, 0x40000000, 0, 1), /* another set of numbers */
        REFUSE,
        REFUSE_BITS(SYS_open, 1, WRITING),
        REFUSE_CALL(SYS_creat),
        REFUSE_CALL(SYS_unlink),
        REFUSE_CALL(SYS_rename),
        REFUSE_CALL(SYS_link),
        REFUSE_CALL(SYS_symlink),
        REFUSE_CALL(SYS_mkdir),
        REFUSE_CALL(SYS_rmdir),
        REFUSE_CALL(SYS_mknod),
        REFUSE_CALL(SYS_chmod),
        REFUSE_CALL(SYS_chown),
        REFUSE_CALL(SYS_lchown),
        REFUSE_CALL(SYS_utime),
        REFUSE_CALL(SYS_utimes),
        REFUSE_CALL(SYS_futimesat),
#endif
        REFUSE_BITS(SYS_openat, 2, WRITING),
        REFUSE_CALL(SYS_openat2),
        REFUSE_CALL(SYS_socket),
        REFUSE_CALL(SYS_socketpair),
        REFUSE_CALL(SYS_connect),
        REFUSE_CALL(SYS_bind),
        REFUSE_CALL(SYS_ptrace),
        REFUSE_CALL(SYS_process_vm_readv),
        REFUSE_CALL(SYS_process_vm_writev),
        REFUSE_CALL(SYS_unlinkat),
        REFUSE_CALL(SYS_renameat),
        REFUSE_CALL(SYS_renameat2),
        REFUSE_CALL(SYS_linkat),
        REFUSE_CALL(SYS_symlinkat),
        REFUSE_CALL(SYS_mkdirat),
        REFUSE_CALL(SYS_mknodat),
        REFUSE_CALL(SYS_truncate),
        REFUSE_CALL(SYS_fchmodat),
        REFUSE_CALL(SYS_fchownat),
        REFUSE_CALL(SYS_utimensat),
        REFUSE_CALL(SYS_setxattr),
        REFUSE_CALL(SYS_lsetxattr),
        REFUSE_CALL(SYS_removexattr),
        REFUSE_CALL(SYS_lremovexattr),
        REFUSE_CALL(SYS_io_uring_setup),
        REFUSE_CALL(SYS_bpf),
        ALLOW,
    };
    struct sock_fprog program = {sizeof filter / sizeof *filter, (struct sock_filter *)filter};
    if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0)
        prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program);
#endif
}
