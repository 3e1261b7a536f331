package dev.videoid

import android.content.ContentResolver
import android.net.Uri
import java.io.FileNotFoundException

/**
 * What a content provider has: an image from a picker, a video from the camera app. It is read through the provider's file descriptor, in
 * pieces and without a copy; the provider's file must not change until the evidence has been saved.
 *
 * Call it on a background thread: a provider may have to fetch the file first.
 *
 * @throws VideoIdException `source_unreadable` where there is no such file, or where it is none that can be read from any place
 * (a pipe, as some providers of cloud files give): copy it to a file then.
 */
public fun Source.Companion.of(resolver: ContentResolver, uri: Uri): Source {
    val opened = try {
        resolver.openFileDescriptor(uri, "r")
    } catch (e: FileNotFoundException) {
        throw unreadable(e)
    } catch (e: SecurityException) {
        throw unreadable(e)
    }
    // The library opens the descriptor anew, so that this one may be closed.
    return (opened ?: throw unreadable(null)).use { ofDescriptor(it.fd) }
}

/** The provider's own text may name the file, so that it is the cause and not part of the message. */
private fun unreadable(cause: Exception?) =
    VideoIdException("source_unreadable: the content provider does not open the file", "source_unreadable", ErrorCategory.VALIDATION, cause = cause)
