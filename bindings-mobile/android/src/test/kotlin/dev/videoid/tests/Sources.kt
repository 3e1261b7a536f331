package dev.videoid.tests

import dev.videoid.Source
import kotlinx.serialization.json.JsonObject
import kotlinx.serialization.json.contentOrNull
import kotlinx.serialization.json.jsonPrimitive
import kotlinx.serialization.json.long
import java.io.ByteArrayOutputStream
import java.io.DataOutputStream
import java.io.File
import java.io.RandomAccessFile
import java.nio.file.Path

/** Turns the sources of scenarios and vectors into the library's. */
class Sources(private val folder: Path, private val base: (String) -> File = Repo::fixture) {
    private var generated = 0

    fun of(spec: JsonObject): Source {
        val file = file(spec)
        return when (val kind = spec["as"]?.jsonPrimitive?.contentOrNull ?: "path") {
            "path" -> Source.of(file)
            "bytes" -> Source.of(file.readBytes())
            "stream" -> Source.of(file.inputStream(), file.length())
            else -> error("unknown kind of source: $kind")
        }
    }

    fun file(spec: JsonObject): File {
        spec["fixture"]?.let { return base(it.jsonPrimitive.content) }
        spec["file"]?.let { return place(it.jsonPrimitive.content) }
        val what = spec["generate"] ?: error("unknown source: $spec")
        val bytes = spec.getValue("bytes").jsonPrimitive.long
        val file = folder.resolve("generated-${++generated}").toFile()
        when (what.jsonPrimitive.content) {
            "mp4" -> writeMp4(file, bytes)
            "jpeg" -> writeJpeg(file, bytes, Repo.fixture("specimen/document_front.jpg"))
            else -> error("unknown generated source: $what")
        }
        return file
    }

    /** `tmp:x` is a place in the scenario's own folder; everything else is taken as it is. */
    fun place(path: String): File = if (path.startsWith("tmp:")) folder.resolve(path.removePrefix("tmp:")).toFile() else File(path)
}

/** An MP4 of exactly [length] bytes: ftyp, a large mdat, a minimal moov. */
fun writeMp4(file: File, length: Long) {
    val moov = box("moov", box("mvhd", ByteArray(100)))
    val ftyp = box("ftyp", "isom".toByteArray() + byteArrayOf(0, 0, 2, 0) + "isommp41".toByteArray())
    val mdat = length - ftyp.size - moov.size
    require(mdat >= 16) { "too short for an MP4" }
    RandomAccessFile(file, "rw").use { out ->
        out.write(ftyp)
        if (mdat <= 0xFFFF_FFFFL) {
            out.writeInt(mdat.toInt())
            out.write("mdat".toByteArray())
        } else {
            out.writeInt(1)
            out.write("mdat".toByteArray())
            out.writeLong(mdat)
        }
        // A file with a hole reads as zeros and takes no room on the disk.
        out.setLength(ftyp.size + mdat)
        out.seek(ftyp.size + mdat)
        out.write(moov)
    }
}

private fun box(name: String, content: ByteArray): ByteArray {
    val out = ByteArrayOutputStream()
    DataOutputStream(out).run {
        writeInt(8 + content.size)
        write(name.toByteArray())
        write(content)
    }
    return out.toByteArray()
}

/** A real JPEG of exactly [length] bytes: comment segments are put in after its first marker. */
fun writeJpeg(file: File, length: Long, original: File) {
    val image = original.readBytes()
    var missing = length - image.size
    require(missing >= 0) { "the fixture is longer" }
    file.outputStream().buffered().use { out ->
        out.write(image, 0, 2)
        while (missing > 0) {
            // A segment has 4 bytes of its own; the last two must not leave a rest of 1 to 3 bytes.
            val piece = if (missing <= 65_537) missing else minOf(65_537, missing - 4)
            require(piece >= 4) { "cannot pad by $piece bytes" }
            out.write(0xFF)
            out.write(0xFE)
            out.write(((piece - 2) shr 8).toInt())
            out.write(((piece - 2) and 0xFF).toInt())
            out.write(ByteArray((piece - 4).toInt()) { 'x'.code.toByte() })
            missing -= piece
        }
        out.write(image, 2, image.size - 2)
    }
}
