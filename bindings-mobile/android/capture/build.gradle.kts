// The Android archive of the package for capture apps. Not run here: it takes the Android SDK and NDK. The same Kotlin is compiled and
// tested as a jar by pom.xml beside this file.
plugins {
    id("com.android.library") version "9.0.0"
    id("maven-publish")
}

group = "dev.videoid"
version = "0.1.0"

/** What is built for: phones and tablets, and the emulator. */
val abis = listOf("arm64-v8a", "armeabi-v7a", "x86_64")

android {
    namespace = "dev.videoid"
    compileSdk = 36
    ndkVersion = "28.2.13676358" // links for pages of 16 KB by itself

    defaultConfig {
        minSdk = 26
        // They go into the archive, so that no app has to write them.
        consumerProguardFiles("consumer-rules.pro")
        ndk { abiFilters += abis }
    }

    sourceSets.named("main") {
        kotlin.srcDirs("../src/shared/kotlin", "src/main/kotlin")
        jniLibs.srcDirs("build/jniLibs")
    }

    compileOptions {
        sourceCompatibility = JavaVersion.VERSION_11
        targetCompatibility = JavaVersion.VERSION_11
    }

    packaging {
        // Aligned in the APK and loaded from there, which pages of 16 KB ask for.
        jniLibs.useLegacyPackaging = false
        // Symbols are kept apart: build/symbols, for those who read crash reports.
        jniLibs.keepDebugSymbols += "**/libvideoid_capture.so"
    }

    publishing {
        singleVariant("release") { withSourcesJar() }
    }
}

dependencies {
    api("org.jetbrains.kotlinx:kotlinx-coroutines-android:1.11.0")
    implementation("net.java.dev.jna:jna:5.19.1@aar")
    // Tests on the JVM want JNA's own library for it, which the archive for Android lacks.
    testImplementation("net.java.dev.jna:jna:5.19.1")
}

/** The native libraries, by cargo-ndk, stripped, and looked at: an app with 4 KB pages is refused by the store. */
val native by tasks.registering(Exec::class) {
    inputs.dir("../../src")
    inputs.dir("../../../core/src")
    outputs.dir("build/jniLibs")
    commandLine(listOf("./build-native.sh") + abis)
}

tasks.named("preBuild") { dependsOn(native) }

publishing {
    publications.register<MavenPublication>("release") {
        artifactId = "videoid-capture-android"
        afterEvaluate { from(components["release"]) }
    }
}
