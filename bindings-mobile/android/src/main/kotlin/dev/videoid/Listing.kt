package dev.videoid

import kotlinx.coroutines.flow.Flow
import kotlinx.coroutines.flow.flow

/** A list of the native library as a cold flow: made anew for each collector, and closed where the collector stops. */
internal fun <L : AutoCloseable, T : Any> listed(open: () -> L, next: suspend L.() -> T?): Flow<T> = flow {
    val listing = native(open)
    try {
        while (true) {
            // Not within `native`: what the collector throws is its own.
            emit(native { listing.next() } ?: break)
        }
    } finally {
        listing.close()
    }
}
