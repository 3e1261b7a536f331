import Foundation

/// What a program printed, and how it ended.
struct Finished {
    let status: Int32
    let output: String
}

/// Runs a program that is on the path, in a folder, with more in its environment.
func run(_ program: [String], in folder: URL, environment more: [String: String] = [:]) throws -> Finished {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    process.arguments = program
    process.currentDirectoryURL = folder
    process.environment = ProcessInfo.processInfo.environment.merging(more) { $1 }
    let output = Pipe()
    process.standardOutput = output
    process.standardError = output
    process.standardInput = FileHandle.nullDevice
    try process.run()
    let data = output.fileHandleForReading.readDataToEndOfFile()
    process.waitUntilExit()
    return Finished(status: process.terminationStatus, output: String(decoding: data, as: UTF8.self))
}

/// This package's folder.
let package = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
