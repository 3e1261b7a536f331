import Foundation
import VideoID

/// The client that a scenario describes.
struct ClientSetup: Sendable {
    let client: JSON
    let arguments: [String]
    let sandbox: Sandbox

    /// Whether the addresses are to be such at which nobody listens.
    private func unreachable() throws -> Bool {
        let unknown = Set(client.object.keys).subtracting(["config", "one_shot", "identity", "upload_identity", "trust", "url"])
        guard unknown.isEmpty else { throw Failure("unknown of a client: \(unknown)") }
        switch client["url"]?.string {
        case nil, "sandbox": return false
        case "unreachable": return true
        case let other?: throw Failure("unknown addresses: \(other)")
        }
    }

    func make() throws -> RegistrationAuthority {
        let unreachable = try unreachable()
        var config: [String: JSON] = [
            "environment": "custom", "api_url": .string(unreachable ? "http://127.0.0.1:1/api/v1" : try sandbox.text("ra_url")),
            "upload_url": .string(unreachable ? "http://127.0.0.1:1" : try sandbox.text("upload_url")),
            "registration_authority": .string(try sandbox.raID), "video_pk": "request_pk",
        ]
        if arguments.contains("--tls") { (config["tls"], config["upload_tls"]) = try tls() }
        // null switches a default off.
        config.merge(client["config"]?.object ?? [:]) { $1 }
        return try RegistrationAuthority(try RaConfig(json: JSON.object(config.filter { !$0.value.isNull }).encoded))
    }

    func makeOneShot() throws -> OneShot {
        var config = try sandbox.oneShotSettings()
        if try unreachable() { config["base_url"] = "http://127.0.0.1:1" }
        // It shows no certificate.
        if arguments.contains("--tls") { config["tls"] = try tls().1 }
        // null switches a default off.
        config.merge(client["one_shot"]?.object ?? [:]) { $1 }
        return try OneShot(try OneShotConfig(json: JSON.object(config.filter { !$0.value.isNull }).encoded))
    }

    /// TLS towards the API, and towards the host for videos.
    private func tls() throws -> (JSON, JSON) {
        let root: String
        switch client["trust"]?.string {
        case nil, "sandbox": root = try sandbox.pki("ca.pem")
        case "foreign": root = try sandbox.pki("foreign-ca.pem")
        case let other?: throw Failure("unknown trust \(other)")
        }
        let bare: [String: JSON] = ["ca_file": .string(root), "ca_only": .bool(true)]
        var full = bare
        full["identity"] = try identity(client["identity"]?.string ?? "client")
        let both = client["upload_identity"]?.bool ?? arguments.contains("--upload-mutual-tls")
        return (.object(full), .object(both ? full : bare))
    }

    /// Certificate and key of that name, in the JSON of `ClientIdentity`; nothing for `none`.
    func identity(_ name: String) throws -> JSON? {
        let files: (String, String)
        switch name {
        case "client": files = ("client.pem", "client.key")
        case "expired": files = ("client-expired.pem", "client-expired.key")
        case "foreign": files = ("client-foreign.pem", "client-foreign.key")
        case "key_mismatch": files = ("client.pem", "other.key")
        case "encrypted": files = ("client.pem", "client-encrypted.key")
        case "none": return nil
        default: throw Failure("unknown identity \(name)")
        }
        var members: [String: JSON] = ["certificate_file": .string(try sandbox.pki(files.0)), "key_file": .string(try sandbox.pki(files.1))]
        if name == "encrypted" { members["password"] = "sandbox" }
        return .object(members)
    }
}
