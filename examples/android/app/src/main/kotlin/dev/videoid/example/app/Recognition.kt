package dev.videoid.example.app

import dev.videoid.OcrData
import dev.videoid.example.Recognised
import java.io.File

/**
 * What your products for text recognition, liveness and face match say of the pictures in the folder. They are products of their own: this package
 * judges no face and reads no text.
 */
suspend fun recognised(pictures: File): Recognised {
    check(pictures.isDirectory)
    return Recognised(OcrData(), isAlive = false, similarity = 0, by = "name your product")
}
