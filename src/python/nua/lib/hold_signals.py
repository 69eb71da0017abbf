"""Hold signals back, from the first moment of a start script on.

The kernel drops what PID 1 neither handles nor blocks: `docker stop` would wait in vain for an
app that has just been started. So start.py imports this before anything else. It takes nothing
but what Python has inside: the module `signal` alone would double the time.
"""

import _signal

# FORWARDED_SIGNALS of nua.lib.child, which looks at them when it is ready.
_signal.pthread_sigmask(
    _signal.SIG_BLOCK,
    {
        _signal.SIGHUP,
        _signal.SIGINT,
        _signal.SIGQUIT,
        _signal.SIGTERM,
        _signal.SIGUSR1,
        _signal.SIGUSR2,
        _signal.SIGWINCH,
    },
)
