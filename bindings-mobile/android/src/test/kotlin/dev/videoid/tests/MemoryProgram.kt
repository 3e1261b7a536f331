package dev.videoid.tests

import dev.videoid.Evidence
import dev.videoid.OneShot
import dev.videoid.OneShotConfig
import dev.videoid.RegistrationAuthority
import dev.videoid.RequestOptions
import dev.videoid.RequestPk
import dev.videoid.Source
import dev.videoid.VideoIdHandle
import dev.videoid.NewRequest
import dev.videoid.fromJson
import dev.videoid.RaConfig
import kotlinx.coroutines.runBlocking
import java.io.File

/**
 * One process whose memory is measured. It warms up with one small transfer, says `ready`, waits for a line, does its part, says
 * `done` and ends when its input does. Arguments: what, the settings as JSON (of the One-Shot client where it says so), a folder with
 * large.jpg, large.mp4.
 */
object MemoryProgram {
    @JvmStatic
    fun main(args: Array<String>) = runBlocking {
        val (what, config, folder) = args
        if (what.endsWith("one_shot")) oneShot(what, config, File(folder)) else registrationAuthority(what, config, folder, args)
    }

    /** A video goes up and comes back; the control copies the file. */
    private suspend fun oneShot(what: String, config: String, folder: File) = OneShot(OneShotConfig.fromJson(config)).use { client ->
        val (large, back) = Pair(folder.resolve("large.mp4"), folder.resolve("back.mp4"))
        upAndBack(client, client.createVideoid(OneShotStory.signer).handle, OneShotStory.video, back)
        val handle = client.createVideoid(OneShotStory.signer).handle
        println("ready")
        readlnOrNull()
        if (what == "one_shot") upAndBack(client, handle, large, back) else large.copyTo(back, overwrite = true, bufferSize = 64 * 1024)
        println("done")
        readlnOrNull()
        Unit
    }

    private suspend fun upAndBack(client: OneShot, handle: VideoIdHandle, video: File, back: File) {
        val watched = RequestOptions(onProgress = { })
        client.uploadVideoidVideo(handle, Source.of(video), watched)
        client.downloadVideoidVideo(handle, back, watched)
    }

    private suspend fun registrationAuthority(what: String, config: String, folder: String, args: Array<String>) {
        RegistrationAuthority(RaConfig.fromJson(config)).use { ra ->
            val small = transferred(ra, Repo.fixture("specimen/document_front.jpg"), Repo.fixture("specimen.mp4"), send = true)
            if (what.endsWith("read_back")) ra.getRequest(small)
            println("ready")
            readlnOrNull()
            when (what) {
                "upload" -> transferred(ra, File(folder, "large.jpg"), File(folder, "large.mp4"), send = true)
                "control_upload" -> transferred(ra, File(folder, "large.jpg"), File(folder, "large.mp4"), send = false)
                "read_back" -> repeat(20) { ra.getRequest(RequestPk(args[3].toLong())) }
                "control_read_back" -> repeat(20) { ra.getRequest(small) }
                else -> error("unknown part: $what")
            }
            println("done")
            readlnOrNull()
        }
    }

    /** All that an upload needs, and the upload itself where it is asked for. */
    private suspend fun transferred(ra: RegistrationAuthority, image: File, video: File, send: Boolean): RequestPk {
        val card = ra.getFirstUnusedScratchcard()
        val request = ra.createRequest(
            NewRequest.fromJson("""{"profile":"PFnubeQAFCiudadano","scratchcard":"${card.sn.value}","email":"anna@example.com","videoid_mode":1}"""),
        )
        val evidence = Evidence.build {
            documentFront(image)
            documentRear(image)
            documentPhoto(image)
            documentOwner(image)
        }
        if (send) {
            val watched = RequestOptions(onProgress = { })
            ra.uploadEvidence(request.pk, evidence, watched)
            ra.uploadVideo(checkNotNull(request.videoidData?.videoIdentifier), Source.of(video), watched)
        }
        return request.pk
    }
}
