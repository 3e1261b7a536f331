// Not run here: it takes the Android SDK.
plugins {
    id("com.android.application") version "9.0.0"
    id("org.jetbrains.kotlin.plugin.compose") version "2.4.21"
}

android {
    namespace = "dev.videoid.example.app"
    compileSdk = 36

    defaultConfig {
        applicationId = "dev.videoid.example.app"
        minSdk = 26
        targetSdk = 36
        versionCode = 1
        versionName = "0.1.0"
    }

    // What is the same in the program that is run by the tests.
    sourceSets.named("main") { kotlin.srcDirs("src/main/kotlin", "../capture-story/src/main/kotlin") }

    buildTypes.named("release") {
        isMinifyEnabled = true // the package brings its own rules
        isShrinkResources = true
    }

    buildFeatures { compose = true }
}

dependencies {
    implementation("dev.videoid:videoid-capture-android:0.1.0")
    implementation(platform("androidx.compose:compose-bom:2026.10.00"))
    implementation("androidx.compose.material3:material3")
    implementation("androidx.activity:activity-compose:1.12.0")
    implementation("androidx.lifecycle:lifecycle-viewmodel-compose:2.10.0")
}
