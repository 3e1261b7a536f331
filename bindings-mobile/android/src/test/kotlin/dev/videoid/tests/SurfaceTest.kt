package dev.videoid.tests

import dev.videoid.ErrorCategory
import dev.videoid.OneShot
import dev.videoid.RegistrationAuthority
import dev.videoid.VideoId
import dev.videoid.operations
import kotlinx.serialization.json.JsonArray
import kotlinx.serialization.json.JsonElement
import kotlinx.serialization.json.JsonObject
import kotlinx.serialization.json.JsonPrimitive
import org.junit.jupiter.api.Assertions.assertEquals
import org.junit.jupiter.api.Assertions.assertTrue
import org.junit.jupiter.api.Test
import java.io.File
import java.lang.reflect.Modifier
import kotlin.metadata.KmClass
import kotlin.metadata.KmClassifier
import kotlin.metadata.KmPackage
import kotlin.metadata.KmType
import kotlin.metadata.Visibility
import kotlin.metadata.isData
import kotlin.metadata.isValue
import kotlin.metadata.jvm.KotlinClassMetadata
import kotlin.metadata.visibility

/** Writes what the built package exposes to target/surface/kotlin.json, read from its classes; tests/README.md says the form. */
class SurfaceTest {
    /** Every class of the package, by what the compiler wrote into it: `internal` is public in the bytecode. */
    private val metadata: List<Pair<Class<*>, KotlinClassMetadata>> = run {
        val folder = File(RegistrationAuthority::class.java.protectionDomain.codeSource.location.toURI()).resolve("dev/videoid")
        val names = checkNotNull(folder.listFiles()).map { it.name }.filter { it.endsWith(".class") }.sorted()
        names.mapNotNull { name ->
            val found = Class.forName("dev.videoid.${name.removeSuffix(".class")}", false, javaClass.classLoader)
            found.getAnnotation(Metadata::class.java)?.let { found to KotlinClassMetadata.readStrict(it) }
        }
    }
    private val classes: Map<String, KmClass> = metadata.mapNotNull { (found, it) -> (it as? KotlinClassMetadata.Class)?.let { found.simpleName to it.kmClass } }
        .filter { (_, it) -> it.visibility == Visibility.PUBLIC && '.' !in it.name.substringAfterLast('/') }.toMap()
    private val files: List<KmPackage> = metadata.mapNotNull { (_, it) -> (it as? KotlinClassMetadata.FileFacade)?.kmPackage }

    private fun properties(of: String): List<String> =
        classes.getValue(of).properties.filter { it.visibility == Visibility.PUBLIC }.map { it.name }

    /** The methods and properties of a class, those that it inherits from the package and its extensions in the package's files too. */
    private fun members(of: String): List<String> {
        val inherited = classes.getValue(of).supertypes.mapNotNull { (it.classifier as? KmClassifier.Class)?.name?.substringAfterLast('/') }
        val own = classes.getValue(of).functions.filter { it.visibility == Visibility.PUBLIC }.map { it.name } + properties(of) +
            inherited.filter { it in classes }.flatMap(::members)
        val extended = { receiver: KmType? -> (receiver?.classifier as? KmClassifier.Class)?.name == "dev/videoid/$of" }
        val functions = files.flatMap { it.functions }.filter { it.visibility == Visibility.PUBLIC && extended(it.receiverParameterType) }.map { it.name }
        val properties = files.flatMap { it.properties }.filter { it.visibility == Visibility.PUBLIC && extended(it.receiverParameterType) }.map { it.name }
        return (own + functions + properties).distinct().sorted()
    }

    private val models = classes.filterValues { it.isData }.keys.associateWith(::properties)

    private fun surface(): JsonObject {
        val operations = { client: String ->
            val functions = classes.getValue(client).functions.filter { it.visibility == Visibility.PUBLIC }.map { it.name }
            strings((functions - setOf("close", "toString")).sorted())
        }
        val functions = files.flatMap { it.functions }.filter { it.visibility == Visibility.PUBLIC }.map { it.name }
        return JsonObject(
            mapOf(
                "operations" to operations("RegistrationAuthority"),
                "one_shot_operations" to operations("OneShot"),
                "options" to strings(properties("RequestOptions")),
                "models" to JsonObject(models.mapValues { strings(it.value) }),
                "errors" to JsonObject(
                    mapOf(
                        "codes" to strings(VideoId.errorCodes.map { it.code }),
                        "categories" to strings(ErrorCategory.entries.map { it.word }),
                        "attributes" to strings(properties("VideoIdException")),
                    ),
                ),
                "methods" to JsonObject((classes.keys - models.keys).associateWith { strings(members(it)) }),
                // What stands in the object of the library itself is a function elsewhere.
                "classes" to strings((classes.keys - models.keys + functions + members("VideoId")).distinct().sorted()),
            ),
        )
    }

    private fun strings(list: List<String>): JsonElement = JsonArray(list.map(::JsonPrimitive))

    @Test
    fun `the surface is written for the comparison with the other languages`() {
        val file = Repo.root.resolve("target/surface/kotlin.json")
        file.parentFile.mkdirs()
        file.writeText(surface().toString() + "\n")
        assertTrue(models.getValue("NewRequest").containsAll(listOf("profile", "email", "extra")))
        assertEquals(listOf("timeout", "onProgress"), properties("RequestOptions"))
    }

    @Test
    fun `every operation of the core has its method`() {
        for ((api, client) in mapOf("registration_authority" to RegistrationAuthority::class.java, "one_shot" to OneShot::class.java)) {
            val methods = client.methods.filter { Modifier.isPublic(it.modifiers) }.map { it.name.substringBefore('-') }
            val camel = VideoId.operations.filter { it.api == api }.map { Regex("_([a-z])").replace(it.name) { m -> m.groupValues[1].uppercase() } }
            assertTrue(camel.size > 20)
            assertEquals(emptyList<String>(), camel - methods.toSet())
        }
        assertEquals(setOf("registration_authority", "one_shot"), VideoId.operations.map { it.api }.toSet())
    }

    @Test
    fun `the table says what may be repeated, and what to look at`() {
        val create = VideoId.operations.single { it.name == "create_request" }
        assertEquals(listOf("reconcile", "POST", "/requests/", "api"), create.run { listOf(repeat, method, route, host) })
        assertTrue(create.whenLost.isNotEmpty() && 400.toUShort() in create.errors)
        val approve = VideoId.operations.single { it.name == "approve_oneshot_videoid" }
        assertEquals(listOf("/videoid/{videoid_pk}/approve", "/request/{request_pk}/approve"), approve.run { listOf(route, legacyRoute) })
        assertEquals(listOf("upload"), VideoId.operations.filter { it.name == "upload_video" }.map { it.host })
        assertEquals(emptyList<String>(), VideoId.operations.filter { it.repeat == "safe" && it.whenLost.isNotEmpty() }.map { it.name })
    }

    @Test
    fun `only the façade and the data are public`() {
        val wrong = classes.keys.filter { name -> listOf("Native", "Ffi", "Uniffi", "Rust").any(name::startsWith) }
        assertEquals(emptyList<String>(), wrong)
        val functions = files.flatMap { it.functions }.filter { it.visibility == Visibility.PUBLIC }.map { it.name }.distinct().sorted()
        val own = listOf(
            "checkRequest", "checkVideo", "fromEnv", "fromJson", "parseWebhook", "profile", "profiles", "progressOf", "statusOf", "toJson", "waysOn",
        )
        assertEquals(own, functions)
        assertTrue(classes.filterValues { it.isValue }.keys.containsAll(listOf("RequestPk", "VideoIdPk", "VideoIdentifier", "ScratchcardSn", "RaId")))
    }

    @Test
    fun `every code of the core has a category that this package knows`() {
        val words = ErrorCategory.entries.map { it.word }
        assertEquals(emptyList<String>(), VideoId.errorCodes.filter { it.category !in words }.map { it.code })
    }
}
